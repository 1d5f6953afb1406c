import { Button, CloseButton, Skeleton } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { catalog, things } from "../../api/knowledge.ts";
import type { Kind, Thing } from "../../api/shapes.ts";
import { type Column, DataTable, useRowKeys } from "../../parts/DataTable.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { Failed } from "../../parts/Failed.tsx";
import { Page } from "../../parts/Page.tsx";
import { RefLink } from "../../parts/RefLink.tsx";
import { Words } from "../../parts/Words.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { isUndated } from "../subject/asof.ts";
import { Shown } from "../subject/Facts.tsx";
import classes from "./kind.module.css";

/** Attributes that get a column of their own. */
const COLUMNS = 3;

/** The things of a kind, by key; all of them, or those that point at one thing. */
export function KindList() {
  const { kind } = useParams({ from: "/shell/kind/$kind" });
  const search = useSearch({ from: "/shell/kind/$kind" });
  const { t } = useTexts();
  const kinds = useQuery(catalog);
  const declared = kinds.data?.kinds.find((one) => one.name === kind);
  const read = useInfiniteQuery({ ...things({ kind, ...search }), placeholderData: keepPreviousData });
  const rows = read.data?.pages.flatMap((page) => page.entities) ?? [];
  return (
    <Page
      title={t("kind.title", { kind: declared?.label ?? kind })}
      lead={search.linked_to && <Narrowed to={search.linked_to} />}
    >
      <Filter key={kind} q={search.q ?? ""} person={declared?.person ?? false} />
      {read.isPending && <Skeleton height={320} mt={16} />}
      {read.error && <Failed error={read.error} again={() => void read.refetch()} />}
      {read.data && rows.length === 0 && <Empty title={t("kind.empty")}>{t("kind.empty.text")}</Empty>}
      {rows.length > 0 && <List rows={rows} declared={declared} />}
      {read.hasNextPage && (
        <Button
          variant="default"
          mt="md"
          loading={read.isFetchingNextPage}
          onClick={() => void read.fetchNextPage()}
        >
          {t("more.load")}
        </Button>
      )}
    </Page>
  );
}

function Narrowed({ to }: { to: string }) {
  const { t } = useTexts();
  const go = useNavigate({ from: "/kind/$kind" });
  return (
    <p className={classes.narrowed}>
      <span>
        {t("kind.linked")} <RefLink to={to} />
      </span>
      <CloseButton
        size="sm"
        aria-label={t("kind.linked.all")}
        onClick={() => void go({ search: ({ linked_to: _, ...rest }) => rest })}
      />
    </p>
  );
}

function Filter({ q, person }: { q: string; person: boolean }) {
  const { t } = useTexts();
  const go = useNavigate({ from: "/kind/$kind" });
  const narrow = (words: string) =>
    void go({ search: ({ q: _, ...rest }) => (words ? { ...rest, q: words } : rest), replace: true });
  return (
    <Words
      className={classes.filter}
      label={t(person ? "kind.search.person" : "kind.search")}
      value={q}
      change={narrow}
    />
  );
}

function List({ rows, declared }: { rows: readonly Thing[]; declared: Kind | undefined }) {
  const { t } = useTexts();
  const go = useNavigate();
  const columns = useColumns(rows, declared);
  useRowKeys();
  return (
    <DataTable
      label={t("kind.title", { kind: declared?.label ?? "" })}
      columns={columns}
      rows={rows}
      id={(row) => row.ref}
      open={(row) => void go({ to: "/subject/$", params: { _splat: row.ref } })}
    />
  );
}

/** The key, the first attributes that most of these have, and since when each is known. */
function useColumns(rows: readonly Thing[], declared: Kind | undefined): Column<Thing>[] {
  const { t, format } = useTexts();
  return useMemo(() => {
    const filled = (name: string) => rows.filter((row) => name in row.attributes).length * 2 > rows.length;
    const shown = (declared?.attributes ?? []).filter((one) => filled(one.name)).slice(0, COLUMNS);
    return [
      {
        key: "ref",
        header: t("kind.key"),
        width: "minmax(0, 2fr)",
        cell: (row) => <RefLink to={row.ref} showKind={false} />,
      },
      ...shown.map(
        (one): Column<Thing> => ({
          key: one.name,
          header: one.label,
          width: "minmax(0, 1fr)",
          wide: true,
          end: one.sort === "number",
          cell: (row) => <Shown value={row.attributes[one.name] ?? null} unit={one.unit ?? undefined} />,
        }),
      ),
      {
        key: "since",
        header: t("kind.since"),
        width: "130px",
        end: true,
        cell: (row) => (
          <span className="num soft">
            {isUndated(row.exists_from) ? t("kind.start") : format.day(row.exists_from)}
          </span>
        ),
      },
    ];
  }, [rows, declared, t, format]);
}
