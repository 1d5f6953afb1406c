import { Button, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { experimentsOf } from "../../api/plays.ts";
import type { Experiment, Playbook } from "../../api/shapes.ts";
import { Failed } from "../../parts/Failed.tsx";
import { Badge, type Tone } from "../../parts/values.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { NewExperiment } from "./NewExperiment.tsx";
import classes from "./playbooks.module.css";

const TONES: Readonly<Record<NonNullable<Experiment["verdict"]>, Tone>> = {
  decided: "good",
  guarded: "bad",
  broken: "bad",
  over: "plain",
  stopped: "plain",
  changed: "warn",
};

/** Whether it runs, and how it ended. */
export function ExperimentState({ one }: { one: Pick<Experiment, "state" | "verdict"> }) {
  const { t } = useTexts();
  if (one.state !== "ended" || one.verdict === null)
    return <Badge tone="accent">{t(`experiment.state.${one.state}`)}</Badge>;
  return <Badge tone={TONES[one.verdict]}>{t(`experiment.verdict.${one.verdict}`)}</Badge>;
}

type ExperimentsProps = { playbook: Playbook; may: boolean; open: (id: string) => void };

/** The experiments of a playbook, and a form that plans and begins one. */
export function Experiments({ playbook, may, open }: ExperimentsProps) {
  const { t, format } = useTexts();
  const [making, setMaking] = useState(false);
  const found = useQuery(experimentsOf(playbook.name));
  const all = found.data?.experiments ?? [];
  const several = playbook.choices.length > 1;
  const free = several && all.every(({ state }) => state !== "running");
  return (
    <div>
      <h3 className={classes.small}>{t("experiments")}</h3>
      {found.error && !found.data && <Failed error={found.error} again={() => void found.refetch()} />}
      {found.isPending && <Skeleton height={40} />}
      {found.data && all.length === 0 && (
        <p className="soft">{t(several ? "experiments.none" : "experiments.one")}</p>
      )}
      <ul className={classes.trials}>
        {all.map((one) => (
          <li key={one.id}>
            <Button
              variant="subtle"
              size="compact-sm"
              aria-label={t("experiment.show", { name: one.name })}
              onClick={() => open(one.id)}
            >
              {one.name}
            </Button>
            <ExperimentState one={one} />
            <span className="soft">
              {one.arms.join(` ${t("experiment.beside")} `)} · {format.day(one.began_at)}
            </span>
          </li>
        ))}
      </ul>
      {may && free && !making && (
        <Button size="compact-sm" variant="default" onClick={() => setMaking(true)}>
          {t("experiment.new")}
        </Button>
      )}
      {may && free && making && <NewExperiment playbook={playbook} done={() => setMaking(false)} />}
    </div>
  );
}
