import { Button, Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { runsOf } from "../../api/plays.ts";
import type { Run } from "../../api/shapes.ts";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { Failed } from "../../parts/Failed.tsx";
import { Foreign } from "../../parts/Foreign.tsx";
import { parseRef } from "../../parts/RefLink.tsx";
import { Day } from "../../parts/values.tsx";
import { type Texts, useTexts } from "../../texts/Texts.tsx";
import classes from "./playbooks.module.css";
import { RunState, Stands } from "./states.tsx";

/** The newest runs of a playbook: about what, how they stand, and where. */
export function RunList({ playbook, open }: { playbook: string; open: (run: string) => void }) {
  const { t } = useTexts();
  const found = useInfiniteQuery(runsOf(playbook));
  const rows = found.data?.pages.flatMap((page) => page.runs) ?? [];
  return (
    <>
      <h3 className={classes.small}>{t("playbooks.runs")}</h3>
      {found.error && rows.length === 0 && <Failed error={found.error} again={() => void found.refetch()} />}
      {found.isPending && <Skeleton height={60} />}
      {found.data && rows.length === 0 && <p className="soft">{t("playbooks.runs.none")}</p>}
      {rows.length > 0 && (
        <DataTable
          label={t("playbooks.runs.of", { name: playbook })}
          className={classes.runs}
          columns={columnsOf(t)}
          rows={rows}
          id={(row) => row.id}
          open={(row) => open(row.id)}
          press={(row) => open(row.id)}
        />
      )}
      {found.hasNextPage && (
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          mt={8}
          loading={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          {t("more.load")}
        </Button>
      )}
    </>
  );
}

function columnsOf(t: Texts["t"]): Column<Run>[] {
  return [
    {
      key: "subject",
      header: t("today.column.subject"),
      width: "minmax(0, 1fr)",
      cell: (row) => <About run={row} />,
    },
    {
      key: "stands",
      header: t("playbooks.run.where"),
      width: "minmax(0, 1.6fr)",
      cell: (row) => <Stands run={row} />,
    },
    {
      key: "began",
      header: t("playbooks.run.since"),
      width: "100px",
      wide: true,
      cell: (row) => <Day at={row.began_at} />,
    },
    {
      key: "state",
      header: <span className="seen-by-readers">{t("playbooks.run.state")}</span>,
      width: "112px",
      end: true,
      cell: (row) => <RunState state={row.state} />,
    },
  ];
}

function About({ run }: { run: Run }) {
  const { kind, key } = parseRef(run.subject);
  return (
    <>
      <div className={`${classes.subject} cut`}>
        <span className="ref-kind">{kind} </span>
        {key}
      </div>
      <div className={`${classes.choice} cut`}>
        <Foreign>{run.choice}</Foreign>
      </div>
    </>
  );
}
