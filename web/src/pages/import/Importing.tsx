import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { type Counts, countsOf } from "../../api/results.ts";
import type { Job } from "../../api/shapes.ts";
import { isOver, job as jobQuery, suggested } from "../../api/work.ts";
import { JobProgress } from "../../parts/JobProgress.tsx";
import { Page } from "../../parts/Page.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { SuggestedLines } from "../ask/SuggestedLines.tsx";
import classes from "./import.module.css";
import { outcome } from "./outcome.tsx";

/** An import on its way, and what to do when it has arrived. */
export function Importing({ job: id, name }: { job: string; name: string }) {
  const { t } = useTexts();
  const { data } = useQuery(jobQuery(id));
  const called = data?.about ?? name;
  const title = {
    waiting: t("import.running", { name: called }),
    running: t("import.running", { name: called }),
    done: t("import.done", { name: called }),
    failed: t("import.done.failed"),
    cancelled: t("import.done.cancelled"),
  }[data?.state ?? "waiting"];
  return (
    <Page title={title}>
      <JobProgress id={id} result={(done) => <Result job={done} />} />
      {data?.state === "done" && data.what === "import" && <Next counts={countsOf(data)} />}
      {data && isOver(data) && !(data.state === "done" && data.what === "import") && (
        <div className="actions">
          <Button variant="default" renderRoot={(props) => <Link to="/import" {...props} />}>
            {t("import.back")}
          </Button>
        </div>
      )}
    </Page>
  );
}

function Result({ job }: { job: Job }) {
  const { t } = useTexts();
  return (
    <>
      {outcome(job, t)}
      {job.state !== "done" && job.result && <p className="soft">{t("import.result.sofar")}</p>}
    </>
  );
}

/** The next steps: mend what did not fit, and ask what the file can answer. */
function Next({ counts }: { counts: Counts | null }) {
  const { t } = useTexts();
  const { data } = useQuery(suggested);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  const lines = data?.lines ?? [];
  return (
    <section className={classes.next} aria-labelledby="next">
      <h2 id="next" ref={heading} tabIndex={-1}>
        {t("import.next")}
      </h2>
      {lines.length > 0 && <p className="soft">{t("import.next.ask.text")}</p>}
      <SuggestedLines lines={lines} />
      <div className="actions">
        <Button
          variant={lines.length > 0 ? "default" : "filled"}
          renderRoot={(props) => <Link to="/ask" {...props} />}
        >
          {t(lines.length > 0 ? "import.next.ask.own" : "import.next.ask")}
        </Button>
        {counts !== null && counts.quarantined > 0 && (
          <Button
            variant="default"
            renderRoot={(props) => <Link to="/import" search={{ view: "quarantine" }} {...props} />}
          >
            {t("import.next.quarantine", { count: counts.quarantined })}
          </Button>
        )}
        <Button variant="default" renderRoot={(props) => <Link to="/import" {...props} />}>
          {t("import.back")}
        </Button>
      </div>
    </section>
  );
}
