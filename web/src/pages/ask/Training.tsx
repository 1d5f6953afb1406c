import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { api, body } from "../../api/client.ts";
import { trainedOf } from "../../api/results.ts";
import type { Ask, Job } from "../../api/shapes.ts";
import { Foreign } from "../../parts/Foreign.tsx";
import { JobProgress } from "../../parts/JobProgress.tsx";
import { VerdictBadge } from "../../parts/values.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import classes from "./ask.module.css";

/** Ask a line: it is remembered, trained and proved as a job. */
export function useTraining() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (given: Ask) => body(api.POST("/v1/questions", { body: given })),
    onSuccess: (job) => {
      queries.setQueryData(["job", job.id], job);
      void queries.invalidateQueries({ queryKey: ["jobs"] });
    },
  });
}

/** A training on its way; at its end the verdict, and the way to the proof. */
export function Training({ job }: { job: string }) {
  return (
    <div className={classes.training}>
      <JobProgress id={job} result={(told) => <Trained job={told} />} />
    </div>
  );
}

function Trained({ job }: { job: Job }) {
  const { t } = useTexts();
  const next = useRef<HTMLAnchorElement>(null);
  useEffect(() => next.current?.focus(), []);
  if (job.state === "cancelled") return <p className="soft">{t("ask.cancelled")}</p>;
  const trained = trainedOf(job);
  if (trained === null || job.state !== "done") return null;
  const { question, verdict, headline } = trained;
  return (
    <>
      <p className={classes.verdict}>
        <VerdictBadge verdict={verdict} /> <Foreign>{headline}</Foreign>
      </p>
      <div className="actions">
        <Button
          renderRoot={(props) => <Link to="/proof/$name" params={{ name: question }} {...props} ref={next} />}
        >
          {t("ask.proof")}
        </Button>
        <Button variant="default" renderRoot={(props) => <Link to="/" search={{ question }} {...props} />}>
          {t("ask.forecasts")}
        </Button>
      </div>
    </>
  );
}
