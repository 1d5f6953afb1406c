import { Skeleton } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { CalendarClock } from "lucide-react";
import type { Question } from "../../api/shapes.ts";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { Failed } from "../../parts/Failed.tsx";
import { RefLink } from "../../parts/RefLink.tsx";
import { Day } from "../../parts/values.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { Stake } from "./Standing.tsx";
import classes from "./today.module.css";
import { type LaterRow, useLater } from "./useLater.ts";

type LaterProps = { questions: readonly Question[]; now: string | undefined };

/** Who will be asked about on a later day. */
export function Later({ questions, now }: LaterProps) {
  const { t, format } = useTexts();
  const go = useNavigate();
  const { ready, error, again, count, rows } = useLater(questions);
  const columns = useColumns(questions, now);
  if (error && !ready) return <Failed error={error} again={again} />;
  if (!ready) return <Skeleton height={160} mt="md" />;
  const [first] = rows;
  if (first === undefined) {
    return (
      <Empty title={t("today.empty.later")} icon={<CalendarClock size={22} aria-hidden />}>
        {t("today.empty.later.text")}
      </Empty>
    );
  }
  return (
    <>
      <p className="soft">{t("today.later.lead", { count, day: format.day(first.cutoff) })}</p>
      <DataTable
        label={t("today.later.list")}
        className={classes.short}
        columns={columns}
        rows={rows}
        id={(row) => `${row.question} ${row.subject}`}
        open={(row) => void go({ to: "/subject/$", params: { _splat: row.subject } })}
      />
      {count > rows.length && <p className="soft">{t("today.later.more", { count: count - rows.length })}</p>}
    </>
  );
}

function useColumns(questions: readonly Question[], now: string | undefined): Column<LaterRow>[] {
  const { t, format } = useTexts();
  return [
    {
      key: "subject",
      header: t("today.column.subject"),
      width: "minmax(0, 1fr)",
      cell: (row) => (
        <div className={`${classes.subject} cut`}>
          <RefLink to={row.subject} />
        </div>
      ),
    },
    {
      key: "asked",
      header: t("today.column.asked"),
      width: "210px",
      cell: (row) => (
        <span className="num">
          {format.day(row.cutoff)}{" "}
          <span className="soft">
            · <Day at={row.cutoff} now={now} />
          </span>
        </span>
      ),
    },
    {
      key: "stake",
      header: t("today.column.stake"),
      width: "110px",
      end: true,
      cell: (row) => (
        <Stake value={row.worth} question={questions.find((one) => one.name === row.question)} />
      ),
    },
  ];
}
