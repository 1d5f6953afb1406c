import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, body } from "../../api/client.ts";
import { rehearsedOf } from "../../api/results.ts";
import type { Playbook } from "../../api/shapes.ts";
import { JobProgress } from "../../parts/JobProgress.tsx";
import { Refused } from "../../parts/Refused.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { foresees } from "./foresees.ts";
import classes from "./playbooks.module.css";
import { Rehearsed } from "./Rehearsed.tsx";

/** How far back one usually looks, and at most, in days. */
const USUAL = 90;
const MOST = 3_650;

/** Look what a playbook would have done since a past day. */
export function Rehearsal({ playbook }: { playbook: Playbook }) {
  const { t } = useTexts();
  const [days, setDays] = useState(String(USUAL));
  const starting = useStart(playbook.name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!starting.isPending) starting.mutate(Number(days));
  };
  return (
    <div className={classes.rehearsal}>
      <p className="soft">
        {t(foresees(playbook) ? "playbooks.rehearse.text" : "playbooks.rehearse.text.facts")}
      </p>
      <form onSubmit={submit} className={classes.form}>
        <TextInput
          autoFocus
          type="number"
          label={t("playbooks.rehearse.days")}
          min={1}
          max={MOST}
          step={1}
          required
          value={days}
          onChange={(event) => setDays(event.currentTarget.value)}
        />
        <Button type="submit" size="sm" loading={starting.isPending}>
          {t("playbooks.rehearse.start")}
        </Button>
      </form>
      <Refused error={starting.error} />
      {starting.data && (
        <JobProgress
          key={starting.data.id}
          id={starting.data.id}
          result={(job) => {
            const told = rehearsedOf(job);
            return told && <Rehearsed told={told} />;
          }}
        />
      )}
    </div>
  );
}

function useStart(name: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (days: number) =>
      body(
        api.POST("/v1/playbooks/{name}/rehearse", {
          params: { path: { name } },
          body: { since: `${days}d` },
        }),
      ),
    onSuccess: (job) => {
      queries.setQueryData(["job", job.id], job);
      void queries.invalidateQueries({ queryKey: ["jobs"] });
    },
  });
}
