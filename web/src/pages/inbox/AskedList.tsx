import { Button, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Inbox } from "lucide-react";
import type { Narrowed } from "../../api/asked.ts";
import { useNow } from "../../api/now.ts";
import { questions } from "../../api/queries.ts";
import type { Asked } from "../../api/shapes.ts";
import { DataTable } from "../../parts/DataTable.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { Failed } from "../../parts/Failed.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { columnsOf } from "./columns.tsx";
import classes from "./inbox.module.css";

type AskedListProps = {
  found: {
    error: unknown;
    isPending: boolean;
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    refetch: () => Promise<unknown>;
    fetchNextPage: () => Promise<unknown>;
  };
  rows: readonly Asked[];
  narrowed: Narrowed;
  narrow: boolean;
  current: string | undefined;
  show: (item: string) => void;
  selected: ReadonlyMap<string, Asked>;
  /** None for whoever may not answer. */
  toggle: ((row: Asked) => void) | undefined;
};

const ROWS_EXPECTED = ["a", "b", "c", "d", "e", "f", "g", "h"];

/** What is asked, page by page. */
export function AskedList(list: AskedListProps) {
  const { t, format } = useTexts();
  const { found, rows, narrow, toggle } = list;
  const known = useQuery(questions);
  const now = useNow();
  if (found.error && rows.length === 0)
    return <Failed error={found.error} again={() => void found.refetch()} />;
  if (found.isPending) return <Waiting />;
  if (rows.length === 0) return <Nothing {...list.narrowed} />;
  const choose = (row: Asked) => list.show(row.id);
  return (
    <section className={classes.list}>
      <DataTable
        label={t("inbox.list")}
        className={classes.asked}
        columns={columnsOf({
          t,
          format,
          now,
          questions: known.data?.questions ?? [],
          selected: list.selected,
          toggle,
          beside: !narrow,
        })}
        rows={rows}
        id={(row) => row.id}
        open={choose}
        {...(narrow ? { press: choose } : { choose })}
        current={list.current}
        selected={new Set(list.selected.keys())}
        keys={toggle ? { x: toggle } : {}}
      />
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

function Nothing({ state, assignee }: Narrowed) {
  const { t } = useTexts();
  const why = assignee !== undefined ? "mine" : state === "open" ? "open" : "other";
  return (
    <Empty title={t(`inbox.empty.${why}`)} icon={<Inbox size={22} aria-hidden />}>
      {t(`inbox.empty.${why}.text`)}
    </Empty>
  );
}

/** Where the list will be. */
export function Waiting() {
  return (
    <div aria-busy>
      {ROWS_EXPECTED.map((row) => (
        <div key={row} className={classes.waiting}>
          <Skeleton height={12} width="40%" mb={8} />
          <Skeleton height={10} width="70%" />
        </div>
      ))}
    </div>
  );
}
