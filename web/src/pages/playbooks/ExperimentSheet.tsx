import { Button, Table } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { api, body } from "../../api/client.ts";
import { experiment } from "../../api/plays.ts";
import type { ExperimentPair, ExperimentStand, ExperimentWhole } from "../../api/shapes.ts";
import { Confirm } from "../../parts/Confirm.tsx";
import { Foreign } from "../../parts/Foreign.tsx";
import { Refused } from "../../parts/Refused.tsx";
import { Badge, type Tone } from "../../parts/values.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { Adopt } from "./Adopt.tsx";
import { ExperimentState } from "./Experiments.tsx";
import { ForWhom } from "./ForWhom.tsx";
import { change, exactShare, progress } from "./figures.ts";
import { OverTime } from "./OverTime.tsx";
import classes from "./playbooks.module.css";
import { Sheet } from "./Sheet.tsx";

type SheetProps = { id: string; may: boolean; close: () => void };

/** An experiment: how it stands, its arms and guards, how it stood, and for whom it works. */
export function ExperimentSheet({ id, may, close }: SheetProps) {
  const { t } = useTexts();
  const found = useQuery(experiment(id));
  const title = t("experiment.title", { name: found.data?.name ?? "…" });
  return (
    <Sheet title={title} found={found} size={720} close={close}>
      {(told) => <Whole told={told} may={may} />}
    </Sheet>
  );
}

function Whole({ told, may }: { told: ExperimentWhole; may: boolean }) {
  const { t, format } = useTexts();
  const { stand, why, winner, said, by, began_at, until, path, arms } = told;
  const series = useMemo(
    () => arms.slice(1).map((name) => ({ name, points: path.filter(({ arm }) => arm === name) })),
    [arms, path],
  );
  return (
    <div className={classes.sheet}>
      <p>
        <ExperimentState one={told} />{" "}
        {winner !== null && <strong>{t("experiment.winner", { arm: winner })}</strong>}{" "}
        {said !== "" && <Foreign>{said}</Foreign>}
      </p>
      {why !== "" && <p className="soft">{why}</p>}
      <p className="soft">
        {told.playbook} · {by} · {t("experiment.span", { from: format.day(began_at), to: format.day(until) })}
      </p>
      {stand === null ? (
        <p className="soft">{t("effect.unmeasured")}</p>
      ) : (
        <Stand told={told} stand={stand} />
      )}
      <OverTime title={t("experiment.chart")} says={t("effect.chart.says")} series={series} />
      {told.for_whom.map((one) => (
        <ForWhom key={one.arm} told={one} />
      ))}
      {may && (told.state === "ended" ? <Adopt told={told} /> : <Stop told={told} />)}
    </div>
  );
}

function Stand({ told, stand }: { told: ExperimentWhole; stand: ExperimentStand }) {
  const { t, format } = useTexts();
  if (stand.split.broken)
    return (
      <p role="alert" className="refused">
        {t("experiment.broken", { counts: stand.split.counts.map(format.number).join(", ") })}
      </p>
    );
  const settled = stand.arms.reduce((sum, { settled_parties }) => sum + settled_parties, 0);
  const far = progress(settled, told.plan?.parties ?? null);
  return (
    <>
      {far !== null && (
        <p>
          <progress value={far} max={1} aria-label={t("experiment.progress")} className={classes.far} />{" "}
          {t("experiment.progress.of", {
            settled: format.number(settled),
            planned: format.number(told.plan?.parties ?? 0),
          })}
        </p>
      )}
      <Arms stand={stand} />
      {stand.guards.length > 0 && <h3 className={classes.small}>{t("experiment.guards")}</h3>}
      <ul className={classes.steps}>
        {stand.guards.map(({ name, pairs }) =>
          pairs.map((pair) => (
            <li key={`${name} ${pair.arm}`}>
              <Badge tone={stand.stopped[pair.arm]?.includes(name) ? "bad" : "plain"}>
                {t(
                  stand.stopped[pair.arm]?.includes(name)
                    ? "experiment.guard.worse"
                    : "experiment.guard.kept",
                )}
              </Badge>{" "}
              {name}, {pair.arm}: <Between pair={pair} />
            </li>
          )),
        )}
      </ul>
    </>
  );
}

function Between({ pair }: { pair: Pick<ExperimentPair, "difference" | "interval"> }) {
  const { t, format } = useTexts();
  if (pair.interval === null || pair.difference === null)
    return <span className="soft">{t("experiment.little")}</span>;
  const { low, high } = pair.interval;
  return (
    <span className="num">
      {change(format, pair.difference)}{" "}
      <span className="soft">
        {t("effect.between", { low: change(format, low), high: change(format, high) })}
      </span>
    </span>
  );
}

const TONES: Readonly<Record<ExperimentPair["verdict"], Tone>> = {
  better: "good",
  worse: "bad",
  open: "plain",
};
const HEADS = ["arm", "share", "parties", "settled", "rate", "difference", "verdict"] as const;

function Arms({ stand }: { stand: ExperimentStand }) {
  const { t, format } = useTexts();
  return (
    <Table.ScrollContainer minWidth={0} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
      <Table aria-label={t("experiment.arms")}>
        <Table.Thead>
          <Table.Tr>
            {HEADS.map((one) => (
              <Table.Th key={one}>{t(`experiment.head.${one}`)}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {stand.arms.map((one) => {
            const pair = stand.pairs.find(({ arm }) => arm === one.name);
            return (
              <Table.Tr key={one.name}>
                <Table.Td>{one.name}</Table.Td>
                <Table.Td className="num">{format.share(one.share)}</Table.Td>
                <Table.Td className="num">{format.number(one.parties)}</Table.Td>
                <Table.Td className="num">{format.number(one.settled_parties)}</Table.Td>
                <Table.Td className="num">{one.rate === null ? "–" : exactShare(format, one.rate)}</Table.Td>
                <Table.Td>{pair ? <Between pair={pair} /> : t("experiment.first")}</Table.Td>
                <Table.Td>
                  {pair && <Badge tone={TONES[pair.verdict]}>{t(`experiment.pair.${pair.verdict}`)}</Badge>}
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Stop({ told }: { told: ExperimentWhole }) {
  const { t } = useTexts();
  const [asking, setAsking] = useState(false);
  const queries = useQueryClient();
  const stopping = useMutation({
    mutationFn: () =>
      body(api.POST("/v1/experiments/{id}/stop", { params: { path: { id: told.id } }, body: {} })),
    onSuccess: (ended) => queries.setQueryData(experiment(told.id).queryKey, ended),
    onSettled: () => {
      setAsking(false);
      return queries.invalidateQueries({ queryKey: ["experiments"] });
    },
  });
  return (
    <>
      <Refused error={stopping.error} />
      <div className="actions">
        <Button variant="default" onClick={() => setAsking(true)}>
          {t("experiment.stop")}
        </Button>
      </div>
      <Confirm
        opened={asking}
        title={t("experiment.stop.title")}
        action={t("experiment.stop")}
        harmful
        busy={stopping.isPending}
        yes={() => stopping.mutate()}
        no={() => setAsking(false)}
      >
        <p>{t("experiment.stop.text")}</p>
      </Confirm>
    </>
  );
}
