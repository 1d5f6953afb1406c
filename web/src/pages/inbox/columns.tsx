import { Checkbox } from "@mantine/core";
import type { Asked, Question } from "../../api/shapes.ts";
import type { Column } from "../../parts/DataTable.tsx";
import { Foreign } from "../../parts/Foreign.tsx";
import { parseRef } from "../../parts/RefLink.tsx";
import { Due, Money } from "../../parts/values.tsx";
import type { Texts } from "../../texts/Texts.tsx";
import classes from "./inbox.module.css";
import { StateBadge } from "./states.tsx";

type ColumnsProps = Pick<Texts, "t" | "format"> & {
  questions: readonly Question[];
  now: string | undefined;
  selected: ReadonlyMap<string, Asked>;
  toggle: ((row: Asked) => void) | undefined;
  /** The details stand beside the list: it leaves out what they say. */
  beside: boolean;
};

/** What stands beside each other in the list. */
export function columnsOf({ t, format, questions, now, selected, toggle, beside }: ColumnsProps) {
  const unitOf = (row: Asked) => questions.find((one) => one.name === row.question)?.worth_unit ?? null;
  const select: Column<Asked> = {
    key: "select",
    header: <span className="seen-by-readers">{t("inbox.column.select")}</span>,
    width: "18px",
    cell: (row) => (
      <Checkbox
        size="xs"
        tabIndex={-1}
        aria-label={t("inbox.select", { subject: row.subject })}
        checked={selected.has(row.id)}
        onChange={() => toggle?.(row)}
      />
    ),
  };
  const columns: Column<Asked>[] = [
    {
      key: "subject",
      header: t("inbox.column.subject"),
      width: "minmax(0, 1fr)",
      cell: (row) => <What row={row} />,
    },
    {
      key: "value",
      header: t("inbox.column.value"),
      width: "76px",
      end: true,
      cell: (row) => <Money value={row.value} unit={unitOf(row)} />,
    },
    {
      key: "stake",
      header: t("inbox.column.stake"),
      width: "80px",
      end: true,
      wide: true,
      cell: (row) => (
        <span className="soft">
          <Money value={row.worth} unit={unitOf(row)} />
        </span>
      ),
    },
    {
      key: "chance",
      header: t("inbox.column.chance"),
      width: "52px",
      end: true,
      wide: beside,
      cell: (row) => (
        <span className="num">{row.probability === null ? "–" : format.share(row.probability)}</span>
      ),
    },
    {
      key: "due",
      header: t("inbox.column.due"),
      width: "80px",
      cell: (row) => <Due at={row.due_at} now={now} />,
    },
  ];
  return toggle === undefined ? columns : [select, ...columns];
}

/** About what, what would be done, and whose it is or how it ended. */
function What({ row }: { row: Asked }) {
  const { kind, key } = parseRef(row.subject);
  return (
    <>
      <div className={`${classes.subject} cut`}>
        <span className="ref-kind">{kind} </span>
        {key}
      </div>
      <div className={classes.choice}>
        <span className="cut">
          <Foreign>{row.choice}</Foreign>
          {row.assignee && ` · ${row.assignee}`}
        </span>
        {row.state !== "open" && <StateBadge item={row} />}
      </div>
    </>
  );
}
