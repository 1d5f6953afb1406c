import { Button, Skeleton, Title } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { predictions } from "../../api/queries.ts";
import type { Prediction, Question } from "../../api/shapes.ts";
import { DataTable } from "../../parts/DataTable.tsx";
import { Failed } from "../../parts/Failed.tsx";
import { Foreign } from "../../parts/Foreign.tsx";
import { VerbBadge } from "../../parts/verbs.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { columnsOf } from "./columns.tsx";
import type { Group } from "./Forecasts.tsx";
import type { Filter } from "./filter.ts";
import { NothingHere } from "./NothingHere.tsx";
import classes from "./today.module.css";
import { idOf, useAsides } from "./useAsides.ts";

type ForecastListProps = {
  group: Group;
  filter: Filter;
  questions: readonly Question[];
  now: string | undefined;
  selected: ReadonlyMap<string, Prediction>;
  toggle: (row: Prediction) => void;
  current: string | undefined;
  choose: (row: Prediction) => void;
  peek: (row: Prediction) => void;
  /** The details stand beside the list: it leaves out what they say. */
  beside: boolean;
};

const ROWS_EXPECTED = ["a", "b", "c", "d", "e", "f", "g", "h"];

/** One ranked list, page by page. */
export function ForecastList(list: ForecastListProps) {
  const { t } = useTexts();
  const found = useInfiniteQuery(predictions(list.group.asks));
  const rows = found.data?.pages.flatMap((page) => page.predictions) ?? [];
  if (found.error && rows.length === 0)
    return <Failed error={found.error} again={() => void found.refetch()} />;
  if (found.isPending) return <Loading />;
  if (rows.length === 0) return list.group.by === null ? <NothingHere filter={list.filter} /> : null;
  return (
    <section>
      <Heading group={list.group} questions={list.questions} />
      <Rows {...list} rows={rows} />
      {found.hasNextPage && (
        <Button
          variant="subtle"
          color="gray"
          mt="sm"
          loading={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          {t("more.load")}
        </Button>
      )}
    </section>
  );
}

function Rows(list: ForecastListProps & { rows: readonly Prediction[] }) {
  const { t } = useTexts();
  const go = useNavigate();
  const { setAside, takeUp } = useAsides();
  const aside = (row: Prediction) => (row.aside === null ? setAside([row]) : takeUp(row));
  return (
    <DataTable
      label={t("today.list")}
      className={classes.forecasts}
      columns={columnsOf({ ...list, t })}
      rows={list.rows}
      id={idOf}
      open={(row) => void go({ to: "/subject/$", params: { _splat: row.subject } })}
      choose={list.choose}
      current={list.current}
      selected={new Set(list.selected.keys())}
      keys={{ x: list.toggle, e: aside, Space: list.peek }}
    />
  );
}

function Heading({ group, questions }: { group: Group; questions: readonly Question[] }) {
  if (group.by === null) return null;
  const question = questions.find((one) => one.name === group.key);
  const verb = group.asks.verb ?? "none";
  return (
    <Title order={2} className={classes.group ?? ""}>
      {group.by === "decision" ? (
        <>
          <VerbBadge verb={verb} />
          <span className="soft num">
            {questions.reduce((sum, one) => sum + (one.decided[verb] ?? 0), 0) || ""}
          </span>
        </>
      ) : (
        <Foreign of={group.key}>{question?.asks ?? group.key}</Foreign>
      )}
    </Title>
  );
}

function Loading() {
  const { t } = useTexts();
  return (
    <div aria-busy="true">
      <span className="seen-by-readers">{t("loading")}</span>
      {ROWS_EXPECTED.map((row) => (
        <div key={row} className={classes.waiting}>
          <Skeleton height={12} width="34%" />
          <Skeleton height={10} width="58%" mt={8} />
        </div>
      ))}
    </div>
  );
}
