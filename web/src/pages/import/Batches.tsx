import { Button, Skeleton } from "@mantine/core";
import { type UseInfiniteQueryResult, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, body } from "../../api/client.ts";
import { useMayOperate } from "../../api/rights.ts";
import type { Batch, Imports } from "../../api/shapes.ts";
import { isOver, jobs } from "../../api/work.ts";
import { Confirm } from "../../parts/Confirm.tsx";
import { type Column, DataTable, useRowKeys } from "../../parts/DataTable.tsx";
import { explain, Failed } from "../../parts/Failed.tsx";
import { Badge, Day } from "../../parts/values.tsx";
import { type Texts, useTexts } from "../../texts/Texts.tsx";
import classes from "./import.module.css";

type Found = UseInfiniteQueryResult<{ pages: Imports[] }>;

/** What came in before, and the way to take it back. */
export function Batches({ found }: { found: Found }) {
  const { t } = useTexts();
  const may = useMayOperate();
  const [undoing, setUndoing] = useState<Batch | null>(null);
  const { data: work } = useQuery(jobs);
  useRowKeys();
  const rows = found.data?.pages.flatMap((page) => page.imports) ?? [];
  const going = new Set((work?.jobs ?? []).filter((one) => !isOver(one)).map((one) => one.about));
  if (found.isPending) return <Skeleton height={180} mt={24} />;
  if (found.isError && rows.length === 0)
    return <Failed error={found.error} again={() => void found.refetch()} />;
  if (rows.length === 0) return null;
  return (
    <section className={classes.block} aria-labelledby="batches">
      <h2 id="batches">{t("import.batches")}</h2>
      <DataTable
        label={t("import.batches")}
        className={classes.batches}
        columns={columns(t, may ? setUndoing : null, going)}
        rows={rows}
        id={(row) => row.id}
      />
      {found.hasNextPage && (
        <Button
          variant="default"
          mt={12}
          loading={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          {t("more.load")}
        </Button>
      )}
      {undoing && <Undo batch={undoing} close={() => setUndoing(null)} />}
    </section>
  );
}

function columns(t: Texts["t"], undo: ((batch: Batch) => void) | null, going: Set<string>): Column<Batch>[] {
  const count = (key: string, header: string, value: (row: Batch) => number): Column<Batch> => ({
    key,
    header,
    width: "80px",
    end: true,
    wide: true,
    cell: (row) => <Count value={value(row)} />,
  });
  return [
    {
      key: "file",
      header: t("import.batch.file"),
      width: "minmax(0, 1fr)",
      cell: (row) => <Name batch={row} />,
    },
    {
      key: "when",
      header: t("import.batch.when"),
      width: "112px",
      wide: true,
      cell: (row) => <Day at={row.started_at} />,
    },
    count("rows", t("import.batch.rows"), (row) => row.rows),
    count("events", t("import.batch.events"), (row) => row.events),
    {
      key: "quarantined",
      header: t("import.batch.quarantined"),
      width: "84px",
      end: true,
      wide: true,
      cell: (row) => (row.quarantined ? <Waiting batch={row} /> : <Count value={0} />),
    },
    {
      key: "action",
      header: <span className="seen-by-readers">{t("import.batch.action")}</span>,
      width: "112px",
      end: true,
      cell: (row) => <State batch={row} undo={undo} going={going.has(row.id) || going.has(row.file)} />,
    },
  ];
}

function Count({ value }: { value: number }) {
  const { format } = useTexts();
  return <span className={value === 0 ? "num soft" : "num"}>{format.number(value)}</span>;
}

function Name({ batch }: { batch: Batch }) {
  const { t, format } = useTexts();
  return (
    <span className={classes.columnName}>
      <strong className="cut">{batch.file}</strong>
      <span className="soft cut">
        {batch.source}
        <span className={classes.narrow}>
          {" "}
          · {format.day(batch.started_at)} · {t("job.rows", { count: batch.rows })}
        </span>
      </span>
    </span>
  );
}

function Waiting({ batch }: { batch: Batch }) {
  const { format } = useTexts();
  return (
    <Link
      to="/import"
      search={{ view: "quarantine", source: batch.source }}
      className={`num ${classes.link}`}
    >
      {format.number(batch.quarantined)}
    </Link>
  );
}

type StateProps = { batch: Batch; undo: ((batch: Batch) => void) | null; going: boolean };

function State({ batch, undo, going }: StateProps) {
  const { t } = useTexts();
  if (batch.undone_at) return <Badge>{t("import.batch.undone")}</Badge>;
  if (going && batch.finished_at === null) return <Badge tone="accent">{t("import.batch.running")}</Badge>;
  if (undo === null || going)
    return batch.finished_at ? null : <Badge tone="warn">{t("import.batch.stopped")}</Badge>;
  return (
    <Button
      size="compact-sm"
      variant="default"
      onClick={() => undo(batch)}
      aria-label={`${t("import.batch.undo")}: ${batch.file}`}
    >
      {t("import.batch.undo")}
    </Button>
  );
}

function Undo({ batch, close }: { batch: Batch; close: () => void }) {
  const { t } = useTexts();
  const queries = useQueryClient();
  const undoing = useMutation({
    mutationFn: () => body(api.POST("/v1/imports/{batch}/undo", { params: { path: { batch: batch.id } } })),
    onSuccess: (job) => {
      queries.setQueryData(["job", job.id], job);
      void queries.invalidateQueries({ queryKey: ["jobs"] });
      close();
    },
  });
  return (
    <Confirm
      opened
      title={t("import.undo.title")}
      action={t("import.undo.yes")}
      harmful
      busy={undoing.isPending}
      yes={() => undoing.mutate()}
      no={close}
    >
      <p>{t("import.undo.text", { count: batch.events, file: batch.file })}</p>
      <p className="soft">{t("import.undo.also")}</p>
      {undoing.error && (
        <p role="alert" className={classes.refused}>
          {explain(undoing.error, t).detail}
        </p>
      )}
    </Confirm>
  );
}
