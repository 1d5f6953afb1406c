import { Button, Progress } from "@mantine/core";
import { CircleAlert, CircleCheck, CircleSlash } from "lucide-react";
import type { ReactNode } from "react";
import type { Job } from "../api/shapes.ts";
import { isOver } from "../api/work.ts";
import { useTexts } from "../texts/Texts.tsx";
import { Failed } from "./Failed.tsx";
import classes from "./job.module.css";
import { useCancel, useJob } from "./job.ts";
import { Marked } from "./Marked.tsx";

type JobProps = {
  id: string;
  /** What came of it, in words; shown in the place of the bar when it is over. */
  result?: (job: Job) => ReactNode;
  over?: (job: Job) => void;
  /** What it is about, where that has a better name than the job gives it. */
  about?: string | undefined;
};

/** Long work: how far it is, a way to stop it, and what came of it. */
export function JobProgress({ id, result, over, about }: JobProps) {
  const { t } = useTexts();
  const { data, error, refetch } = useJob(id, over);
  if (error && data === undefined) return <Failed error={error} again={() => void refetch()} />;
  if (data === undefined) return <div className={classes.job} aria-busy />;
  const title = t(`job.title.${data.what}`, { about: about ?? data.about });
  return (
    <section className={classes.job} aria-label={title}>
      <div className={classes.head}>
        <Mark job={data} />
        <span className={classes.title}>{title}</span>
        <span className="soft" role="status">
          {t(`job.state.${data.state}`)}
        </span>
        {!isOver(data) && <Stop job={data} />}
      </div>
      {isOver(data) ? <End job={data} result={result} /> : <Way job={data} />}
    </section>
  );
}

function Mark({ job }: { job: Job }) {
  if (job.state === "done") return <CircleCheck size={16} className={classes.good} aria-hidden />;
  if (job.state === "failed") return <CircleAlert size={16} className={classes.bad} aria-hidden />;
  if (job.state === "cancelled") return <CircleSlash size={16} className="soft" aria-hidden />;
  return null;
}

function Stop({ job }: { job: Job }) {
  const { t } = useTexts();
  const cancel = useCancel(job.id);
  const asked = cancel.isPending || cancel.isSuccess;
  return (
    <Button size="compact-sm" variant="default" disabled={asked} onClick={() => cancel.mutate()}>
      {asked ? t("job.stopping") : t("cancel")}
    </Button>
  );
}

/** A bar where the end is known; else one that only says that it moves. */
export function Way({ job }: { job: Pick<Job, "done" | "of" | "note" | "what"> }) {
  const { t } = useTexts();
  const { done, of } = job;
  const known = done !== null && of !== null && of > 0;
  const part = known ? t("job.part", { done, of }) : done !== null ? t("job.rows", { count: done }) : "";
  return (
    <>
      <Progress.Root size="sm" className={classes.bar}>
        <Progress.Section
          value={known ? Math.min((100 * done) / of, 100) : 100}
          animated={!known}
          striped={!known}
          aria-label={part || t("job.state.running")}
        />
      </Progress.Root>
      <div className={`soft num ${classes.note}`}>{known || job.what === "import" ? part : job.note}</div>
    </>
  );
}

function End({ job, result }: { job: Job; result: JobProps["result"] }) {
  return (
    <div className={classes.end}>
      {job.problem && (
        <p>
          <Marked text={job.problem.detail} />{" "}
          {job.problem.hint && <span className="soft">{job.problem.hint}</span>}
        </p>
      )}
      {result?.(job)}
    </div>
  );
}
