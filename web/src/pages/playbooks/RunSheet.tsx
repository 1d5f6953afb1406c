import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, body } from "../../api/client.ts";
import { run } from "../../api/plays.ts";
import type { RunChange, RunWhole, Stepped } from "../../api/shapes.ts";
import { CameOf } from "../../parts/CameOf.tsx";
import { Confirm } from "../../parts/Confirm.tsx";
import { Foreign } from "../../parts/Foreign.tsx";
import { RefLink } from "../../parts/RefLink.tsx";
import { Refused } from "../../parts/Refused.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { offers } from "./again.ts";
import classes from "./playbooks.module.css";
import { Sheet } from "./Sheet.tsx";
import { RunState, Stands, stepName } from "./states.tsx";

type SheetProps = { id: string; may: boolean; close: () => void };

/** A run: where it stands, what it did step by step, and what can be done about it. */
export function RunSheet({ id, may, close }: SheetProps) {
  const { t } = useTexts();
  const found = useQuery(run(id));
  const title = t("playbooks.run", { subject: found.data?.subject ?? "…" });
  return (
    <Sheet title={title} found={found} size={460} close={close}>
      {(told) => <Whole told={told} may={may} />}
    </Sheet>
  );
}

/** Let a run be paused, gone on with, cancelled, or do a step again. */
function useChange(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (given: RunChange) =>
      body(api.POST("/v1/runs/{id}/change", { params: { path: { id } }, body: given })),
    onSuccess: (told) => queries.setQueryData(run(id).queryKey, told),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ["runs"] }),
        queries.invalidateQueries({ queryKey: ["playbooks"] }),
      ]),
  });
}

function Whole({ told, may }: { told: RunWhole; may: boolean }) {
  const { t, format } = useTexts();
  const change = useChange(told.id);
  const again = may ? (step: string) => change.mutate({ what: "again", step }) : undefined;
  return (
    <div className={classes.sheet}>
      <p>
        <RunState state={told.state} /> <Stands run={told} />
      </p>
      <p className="soft">
        {told.playbook} · <Foreign>{told.choice}</Foreign> · <RefLink to={told.party} />
        <br />
        {t("playbooks.run.began", { day: format.moment(told.began_at) })} · <RefLink to={told.subject} />
      </p>
      {may && <Ways told={told} change={change} />}
      <Refused error={change.error} />
      {told.outcome && (
        <>
          <h3 className={classes.small}>{t("outcome.title")}</h3>
          <CameOf outcome={told.outcome} />
        </>
      )}
      <h3 className={classes.small}>{t("playbooks.run.timeline")}</h3>
      <ol className={classes.timeline}>
        {told.steps.map((one) => (
          <Step key={one.number} one={one} again={offers(told, one) ? again : undefined} />
        ))}
      </ol>
    </div>
  );
}

type StepProps = { one: Stepped; again: ((step: string) => void) | undefined };

function Step({ one, again }: StepProps) {
  const { t, format } = useTexts();
  const name = stepName(one.step, t);
  return (
    <li>
      <time dateTime={one.at} className="num soft">
        {format.moment(one.at)}
      </time>
      <div>
        <strong>{name}:</strong>{" "}
        <Foreign>
          {one.what}
          {one.detail && ` ${one.detail}`}
        </Foreign>
        {again && (
          <Button size="compact-xs" variant="subtle" onClick={() => again(one.step)}>
            {t("playbooks.run.again", { step: name })}
          </Button>
        )}
      </div>
    </li>
  );
}

type WaysProps = { told: RunWhole; change: ReturnType<typeof useChange> };

function Ways({ told, change }: WaysProps) {
  const { t } = useTexts();
  const [asking, setAsking] = useState(false);
  const { state } = told;
  if (state === "ended" || state === "cancelled") return null;
  return (
    <div className="actions">
      {state === "running" && (
        <Button size="sm" variant="default" onClick={() => change.mutate({ what: "pause" })}>
          {t("playbooks.run.pause")}
        </Button>
      )}
      {state === "paused" && (
        <Button size="sm" onClick={() => change.mutate({ what: "resume" })}>
          {t("playbooks.run.resume")}
        </Button>
      )}
      <Button size="sm" variant="default" onClick={() => setAsking(true)}>
        {t("playbooks.run.cancel")}
      </Button>
      <Confirm
        opened={asking}
        title={t("playbooks.run.cancel.title")}
        action={t("playbooks.run.cancel")}
        harmful
        busy={change.isPending}
        yes={() => change.mutate({ what: "cancel" }, { onSettled: () => setAsking(false) })}
        no={() => setAsking(false)}
      >
        <p>{t("playbooks.run.cancel.text")}</p>
        <p className="soft">{t("playbooks.run.cancel.no")}</p>
      </Confirm>
    </div>
  );
}
