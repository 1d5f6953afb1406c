import { Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useNow } from "../../api/now.ts";
import { findings, questions } from "../../api/queries.ts";
import { useRowKeys } from "../../parts/DataTable.tsx";
import { Failed } from "../../parts/Failed.tsx";
import { Page } from "../../parts/Page.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { Forecasts } from "./Forecasts.tsx";
import { type Filter, VIEWS } from "./filter.ts";
import { Later } from "./Later.tsx";
import { NoQuestions } from "./NoQuestions.tsx";
import { Overdue } from "./Overdue.tsx";
import { Standing, TodayLine } from "./Standing.tsx";
import classes from "./today.module.css";
import { useLater } from "./useLater.ts";

/** What needs a look: forecasts first, overdue facts and those asked later apart from them. */
export function Today() {
  const { t } = useTexts();
  const known = useQuery(questions);
  const now = useNow();
  useRowKeys();
  const all = known.data?.questions ?? [];
  const trained = all.filter((one) => one.verdict !== null);
  return (
    <Page title={t("today.title")} lead={<TodayLine />}>
      {known.error && !known.data && <Failed error={known.error} again={() => void known.refetch()} />}
      {known.data && trained.length === 0 && <NoQuestions some={all.length > 0} />}
      {(known.isPending || trained.length > 0) && (
        <>
          <Standing pending={known.isPending} questions={trained} broken={known.data?.broken ?? []} />
          <Views questions={trained} now={now} />
        </>
      )}
    </Page>
  );
}

type ViewsProps = { questions: Parameters<typeof Forecasts>[0]["questions"]; now: string | undefined };

function Views({ questions: known, now }: ViewsProps) {
  const { t } = useTexts();
  const filter = useSearch({ from: "/shell/" });
  const go = useNavigate({ from: "/" });
  const change = (next: Partial<Record<keyof Filter, string | undefined>>) =>
    void go({ search: (now) => ({ ...now, ...next }) as Filter, replace: true, resetScroll: false });
  const view = filter.view ?? "forecasts";
  const counts = useCounts(known);
  return (
    <Tabs value={view} onChange={(next) => change({ view: next ?? undefined })} keepMounted={false}>
      <Tabs.List aria-label={t("today.views")} className={classes.tabs ?? ""}>
        {VIEWS.map((name) => (
          <Tabs.Tab key={name} value={name} className={classes.tab ?? ""}>
            {t(`today.view.${name}`)}{" "}
            {counts[name] !== undefined && <span className={classes.count}>{counts[name]}</span>}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value={view}>
        {(view === "forecasts" || view === "aside") && (
          <Forecasts filter={filter} change={change} questions={known} now={now} />
        )}
        {view === "overdue" && <Overdue questions={known} />}
        {view === "later" && <Later questions={known} now={now} />}
      </Tabs.Panel>
    </Tabs>
  );
}

/** How many stand in each list; what is not known yet shows no number. */
function useCounts(known: ViewsProps["questions"]): Partial<Record<(typeof VIEWS)[number], string>> {
  const { format } = useTexts();
  const facts = useQuery(findings);
  const later = useLater(known);
  const open = known.reduce((sum, one) => sum + (one.predictions.open ?? 0), 0);
  return {
    ...(known.length > 0 && { forecasts: format.number(open) }),
    ...(facts.data && { overdue: format.number(facts.data.findings.length) }),
    ...(later.ready && { later: format.number(later.count) }),
  };
}
