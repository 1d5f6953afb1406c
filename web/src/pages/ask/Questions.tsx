import { Button, Skeleton } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, body } from "../../api/client.ts";
import { questions } from "../../api/queries.ts";
import { useMayOperate } from "../../api/rights.ts";
import type { Question } from "../../api/shapes.ts";
import { isOver, jobs } from "../../api/work.ts";
import { Confirm } from "../../parts/Confirm.tsx";
import { explain, Failed } from "../../parts/Failed.tsx";
import { Foreign } from "../../parts/Foreign.tsx";
import { JobProgress } from "../../parts/JobProgress.tsx";
import { VerdictBadge } from "../../parts/values.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import classes from "./ask.module.css";
import { Coloured } from "./Coloured.tsx";

const isOwn = (name: string) => name.startsWith("own.");

/** What is asked already: one's own questions, those that packs brought, and those that cannot be asked any more. */
export function Questions({ watched }: { watched: string | undefined }) {
  const { t } = useTexts();
  const { data, error, refetch } = useQuery(questions);
  const { data: work } = useQuery(jobs);
  if (error && data === undefined) return <Failed error={error} again={() => void refetch()} />;
  if (data === undefined) return <Skeleton height={120} mt={32} />;
  const training = new Map(
    (work?.jobs ?? [])
      .filter((one) => one.what === "train" && !isOver(one) && one.id !== watched)
      .map((one) => [one.about, one.id]),
  );
  const own = data.questions.filter((one) => isOwn(one.name));
  const others = data.questions.filter((one) => !isOwn(one.name));
  return (
    <>
      <List title={t("ask.own")} questions={own} training={training} />
      <List title={t("ask.packs")} questions={others} training={training} />
      {data.broken.length > 0 && (
        <section className={classes.block} aria-labelledby="broken">
          <h2 id="broken">{t("ask.broken")}</h2>
          <ul className={classes.questions}>
            {data.broken.map((one) => (
              <li key={one.name}>
                <div className={classes.asked}>
                  <Coloured line={one.line} />
                  <span className="soft">
                    <Foreign>{one.reason}</Foreign>
                  </span>
                </div>
                {isOwn(one.name) && <Drop name={one.name} asks={one.line} />}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

/** The rest stands in the proof. */
const firstSentence = (text: string | null) => text?.split(/(?<=\.)\s/)[0];

type ListProps = { title: string; questions: readonly Question[]; training: ReadonlyMap<string, string> };

function List({ title, questions: shown, training }: ListProps) {
  if (shown.length === 0) return null;
  return (
    <section className={classes.block} aria-label={title}>
      <h2>{title}</h2>
      <ul className={classes.questions}>
        {shown.map((one) => (
          <li key={one.name}>
            <Asked question={one} />
            <Acts question={one} busy={training.has(one.name)} />
            <Work job={training.get(one.name)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Work({ job }: { job: string | undefined }) {
  if (job === undefined) return null;
  return (
    <div className={classes.work}>
      <JobProgress id={job} />
    </div>
  );
}

function Asked({ question }: { question: Question }) {
  const { t } = useTexts();
  const open = question.predictions.open ?? 0;
  return (
    <div className={classes.asked}>
      <span className={classes.askedHead}>
        <strong>
          <Foreign of={question.name}>{question.asks}</Foreign>
        </strong>{" "}
        <VerdictBadge verdict={question.verdict} />
      </span>
      <span className={classes.askedLine}>
        <Coloured line={question.line} />
      </span>
      <span className="soft">
        <Foreign>{firstSentence(question.headline)}</Foreign> {open > 0 && t("ask.open", { count: open })}
      </span>
    </div>
  );
}

function Acts({ question, busy }: { question: Question; busy: boolean }) {
  const { t } = useTexts();
  const may = useMayOperate();
  const retrain = useRetraining(question.name);
  return (
    <div className={classes.acts}>
      {question.verdict !== null && (
        <Button
          size="compact-sm"
          variant="default"
          renderRoot={(props) => <Link to="/proof/$name" params={{ name: question.name }} {...props} />}
        >
          {t("ask.proof.short")}
        </Button>
      )}
      {may && (
        <Button
          size="compact-sm"
          variant="default"
          loading={retrain.isPending}
          disabled={busy}
          onClick={() => retrain.mutate()}
        >
          {t(question.verdict === null ? "ask.train.short" : "ask.retrain")}
        </Button>
      )}
      {may && isOwn(question.name) && <Drop name={question.name} asks={question.asks} />}
      {retrain.error && <span role="alert">{explain(retrain.error, t).detail}</span>}
    </div>
  );
}

function useRetraining(name: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => body(api.POST("/v1/questions/{name}/train", { params: { path: { name } } })),
    onSuccess: (job) => {
      queries.setQueryData(["job", job.id], job);
      void queries.invalidateQueries({ queryKey: ["jobs"] });
    },
  });
}

function Drop({ name, asks }: { name: string; asks: string }) {
  const { t } = useTexts();
  const [asked, setAsked] = useState(false);
  const queries = useQueryClient();
  const dropping = useMutation({
    mutationFn: () => api.DELETE("/v1/questions/{name}", { params: { path: { name } } }),
    onSuccess: () => {
      setAsked(false);
      for (const area of ["questions", "predictions", "suggested", "jobs"])
        void queries.invalidateQueries({ queryKey: [area] });
    },
  });
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={() => setAsked(true)}>
        {t("ask.drop")}
      </Button>
      <Confirm
        opened={asked}
        title={t("ask.drop.title")}
        action={t("ask.drop.yes")}
        harmful
        busy={dropping.isPending}
        yes={() => dropping.mutate()}
        no={() => setAsked(false)}
      >
        <p>{t("ask.drop.text", { asks })}</p>
        {dropping.error && <p role="alert">{explain(dropping.error, t).detail}</p>}
      </Confirm>
    </>
  );
}
