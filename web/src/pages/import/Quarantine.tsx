import { Button, NativeSelect, Skeleton } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { CircleCheck } from "lucide-react";
import { useState } from "react";
import { api, body } from "../../api/client.ts";
import { triedOf } from "../../api/results.ts";
import { useMayOperate } from "../../api/rights.ts";
import type { Held, Job, Quarantine as Waiting } from "../../api/shapes.ts";
import { imports, quarantine } from "../../api/work.ts";
import { useRowKeys } from "../../parts/DataTable.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { explain, Failed } from "../../parts/Failed.tsx";
import { JobProgress } from "../../parts/JobProgress.tsx";
import { Page } from "../../parts/Page.tsx";
import { type Texts, useTexts } from "../../texts/Texts.tsx";
import { HeldLine } from "./HeldLine.tsx";
import classes from "./import.module.css";
import { outcome } from "./outcome.tsx";

/** Rows that did not fit: read, mended, tried again, set aside. */
export function Quarantine({ source }: { source: string | undefined }) {
  const { t } = useTexts();
  const may = useMayOperate();
  const found = useInfiniteQuery(quarantine(source));
  const [open, setOpen] = useState<number | null>(null);
  const [tried, setTried] = useState<Tried | null>(null);
  useRowKeys();
  const rows = found.data?.pages.flatMap((page) => page.rows) ?? [];
  const total = found.data?.pages[0]?.total ?? 0;
  return (
    <Page
      title={t("quarantine.title")}
      lead={<p className={`soft ${classes.lead}`}>{t("quarantine.lead")}</p>}
      actions={<BackToImports />}
    >
      <Bar source={source} total={total} rows={rows} may={may} />
      {tried && (
        <div className={classes.tried}>
          <JobProgress
            key={tried.job}
            id={tried.job}
            over={(job) => settle(job, tried, t)}
            result={(job) => outcome(job, t)}
          />
        </div>
      )}
      {found.isPending && <Skeleton height={240} />}
      {found.isError && rows.length === 0 && (
        <Failed error={found.error} again={() => void found.refetch()} />
      )}
      {found.isSuccess && rows.length === 0 && (
        <Empty title={t("quarantine.none")} icon={<CircleCheck size={20} />}>
          {t("quarantine.none.text")}
        </Empty>
      )}
      <ul className={classes.columns}>
        {rows.map((row, place) => (
          <HeldLine
            key={row.number}
            held={row}
            may={may}
            tried={(job) => setTried({ job: job.id, place })}
            open={open === row.number}
            toggle={() => setOpen(open === row.number ? null : row.number)}
          />
        ))}
      </ul>
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
    </Page>
  );
}

/** A row that is tried again: the job, and where in the list it stood. */
type Tried = { job: string; place: number };

/** A row that is recorded has left the list: say so, and let the focus go on to what stands there now. */
function settle(job: Job, { place }: Tried, t: Texts["t"]): void {
  const recorded = triedOf(job)?.recorded;
  if (!recorded) return;
  notifications.show({ message: t("quarantine.done", { count: recorded.rows }) });
  const rows = [...document.querySelectorAll<HTMLElement>("[data-row]")];
  (rows[place] ?? rows.at(-1))?.focus();
}

function BackToImports() {
  const { t } = useTexts();
  const go = useNavigate();
  return (
    <Button variant="default" onClick={() => void go({ to: "/import" })}>
      {t("import.batches")}
    </Button>
  );
}

type BarProps = { source: string | undefined; total: number; rows: readonly Held[]; may: boolean };

/** Which source one looks at, and all of it tried again at once. */
function Bar({ source, total, rows, may }: BarProps) {
  const { t } = useTexts();
  const go = useNavigate();
  const replay = useReplayAll(source);
  const sources = useSources(rows, source);
  return (
    <>
      <div className={classes.filter}>
        <NativeSelect
          size="xs"
          aria-label={t("quarantine.source")}
          value={source ?? ""}
          onChange={(event) => {
            const next = event.currentTarget.value;
            void go({ to: "/import", search: { view: "quarantine", ...(next ? { source: next } : {}) } });
          }}
          data={[{ value: "", label: t("quarantine.source.all") }, ...sources]}
        />
        <span className="soft num" role="status">
          {t("quarantine.total", { count: total })}
        </span>
        {may && total > 0 && (
          <Button size="xs" variant="default" loading={replay.isPending} onClick={() => replay.mutate()}>
            {t("quarantine.all")}
          </Button>
        )}
      </div>
      {replay.error && (
        <p role="alert" className={classes.refused}>
          {explain(replay.error, t).detail}
        </p>
      )}
      {replay.data && (
        <div className={classes.block}>
          <JobProgress id={replay.data.id} result={(job) => outcome(job, t)} />
        </div>
      )}
    </>
  );
}

/** The sources whose rows may wait: of the imports, and of the rows that are here. */
function useSources(rows: readonly Held[], source: string | undefined): string[] {
  const { data } = useInfiniteQuery(imports);
  const brought = data?.pages.flatMap((page) => page.imports.map((batch) => batch.source)) ?? [];
  return [...new Set([...rows.map((row) => row.source), ...brought, ...(source ? [source] : [])])].sort();
}

function useReplayAll(source: string | undefined) {
  return useMutation({
    mutationFn: async () => {
      const numbers = source === undefined ? null : await numbersOf(source);
      return body(api.POST("/v1/quarantine/replay", { body: { numbers, changes: {}, overwrite: false } }));
    },
  });
}

/** Rows a page brings when all of a source are gathered. */
const MOST = 1000;

async function numbersOf(source: string): Promise<number[]> {
  const numbers: number[] = [];
  let after: string | null = null;
  do {
    const query: { source: string; limit: number; after?: string } = {
      source,
      limit: MOST,
      ...(after ? { after } : {}),
    };
    const page: Waiting = await body(api.GET("/v1/quarantine", { params: { query } }));
    numbers.push(...page.rows.map((row) => row.number));
    after = page.next;
  } while (after !== null);
  return numbers;
}
