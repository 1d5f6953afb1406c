import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { CircleCheck } from "lucide-react";
import { findings } from "../../api/queries.ts";
import type { Finding, Question } from "../../api/shapes.ts";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { Failed } from "../../parts/Failed.tsx";
import { Foreign } from "../../parts/Foreign.tsx";
import { RefLink } from "../../parts/RefLink.tsx";
import { type Texts, useTexts } from "../../texts/Texts.tsx";
import { Stake } from "./Standing.tsx";
import classes from "./today.module.css";

/** Money named in a finding's evidence, if it names any. */
export function worthOf({ evidence }: Finding): number | null {
  const value: unknown =
    typeof evidence === "object" && evidence !== null && "value" in evidence ? evidence.value : null;
  return typeof value === "number" ? value : null;
}

/** Facts that are past their day: nothing to forecast any more. */
export function Overdue({ questions }: { questions: readonly Question[] }) {
  const { t } = useTexts();
  const go = useNavigate();
  const found = useQuery(findings);
  if (found.error && !found.data) return <Failed error={found.error} again={() => void found.refetch()} />;
  if (!found.data) return <Skeleton height={160} mt="md" />;
  if (found.data.findings.length === 0) {
    return (
      <Empty title={t("today.empty.overdue")} icon={<CircleCheck size={22} aria-hidden />}>
        {t("today.empty.overdue.text")}
      </Empty>
    );
  }
  const rows = found.data.findings.toSorted((a, b) => (worthOf(b) ?? 0) - (worthOf(a) ?? 0));
  return (
    <>
      <p className="soft">{t("today.overdue.lead")}</p>
      <DataTable
        label={t("today.overdue.list")}
        className={classes.short}
        columns={columnsOf(t, questions)}
        rows={rows}
        id={(row) => `${row.detector} ${row.subject}`}
        open={(row) => void go({ to: "/subject/$", params: { _splat: row.subject } })}
      />
    </>
  );
}

function columnsOf(t: Texts["t"], questions: readonly Question[]): Column<Finding>[] {
  return [
    {
      key: "subject",
      header: t("today.column.subject"),
      width: "180px",
      cell: (row) => (
        <div className={`${classes.subject} cut`}>
          <RefLink to={row.subject} />
        </div>
      ),
    },
    {
      key: "text",
      header: t("today.column.finding"),
      width: "minmax(0, 1fr)",
      cell: (row) => <Foreign>{row.text}</Foreign>,
    },
    {
      key: "stake",
      header: t("today.column.stake"),
      width: "110px",
      end: true,
      cell: (row) => (
        <Stake
          value={worthOf(row)}
          question={questions.find((one) => row.subject.startsWith(`${one.of}/`))}
        />
      ),
    },
  ];
}
