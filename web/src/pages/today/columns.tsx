import { Checkbox } from "@mantine/core";
import type { Prediction, Question } from "../../api/shapes.ts";
import type { Column } from "../../parts/DataTable.tsx";
import { Around, Foreign } from "../../parts/Foreign.tsx";
import { RefLink } from "../../parts/RefLink.tsx";
import { SaidAnswer } from "../../parts/Said.tsx";
import { Due } from "../../parts/values.tsx";
import { VerbBadge, verbOf } from "../../parts/verbs.tsx";
import type { Texts } from "../../texts/Texts.tsx";
import { Stake } from "./Standing.tsx";
import classes from "./today.module.css";
import { idOf } from "./useAsides.ts";

type ColumnsProps = {
  t: Texts["t"];
  questions: readonly Question[];
  now: string | undefined;
  selected: ReadonlyMap<string, Prediction>;
  toggle: (row: Prediction) => void;
  beside: boolean;
};

/** What stands beside each other in the ranking. */
export function columnsOf({
  t,
  questions,
  now,
  selected,
  toggle,
  beside,
}: ColumnsProps): Column<Prediction>[] {
  const questionOf = (row: Prediction) => questions.find((one) => one.name === row.question);
  const words = new Set(questions.map((one) => one.yes));
  const quantities = questions.filter((one) => one.form === "quantity").length;
  const chance =
    quantities > 0 ? (
      t(quantities === questions.length ? "today.column.quantity" : "today.column.forecast")
    ) : words.size === 1 ? (
      <Around
        of={questions[0]?.name}
        word={[...words][0] ?? ""}
        sentence={(word) => t("today.column.chance.of", { word })}
      />
    ) : (
      t("today.column.chance")
    );
  const columns: Column<Prediction>[] = [
    {
      key: "select",
      header: <span className="seen-by-readers">{t("today.column.select")}</span>,
      width: "18px",
      wide: true,
      cell: (row) => (
        <Checkbox
          size="xs"
          tabIndex={-1}
          aria-label={t("today.select", { subject: row.subject })}
          checked={selected.has(idOf(row))}
          onChange={() => toggle(row)}
        />
      ),
    },
    {
      key: "subject",
      header: t("today.column.subject"),
      width: "minmax(0, 1fr)",
      cell: (row) => (
        <>
          <div className={`${classes.subject} cut`}>
            <RefLink to={row.subject} />
          </div>
          <div className={`${classes.reason} cut`}>
            <Foreign>{row.reasons[0]?.text}</Foreign>
          </div>
        </>
      ),
    },
    {
      key: "chance",
      header: chance,
      width: quantities > 0 ? "184px" : "136px",
      cell: (row) => <SaidAnswer one={row} />,
    },
    {
      key: "risk",
      header: t("today.column.risk"),
      width: "88px",
      end: true,
      cell: (row) => <Stake value={row.expected_loss} question={questionOf(row)} />,
    },
    {
      key: "stake",
      header: t("today.column.stake"),
      width: "88px",
      end: true,
      wide: true,
      cell: (row) => (
        <span className="soft">
          <Stake value={row.worth} question={questionOf(row)} />
        </span>
      ),
    },
    {
      key: "due",
      header: t("today.column.due"),
      width: "88px",
      cell: (row) => <Due at={row.deadline} now={now} />,
    },
    {
      key: "decision",
      header: t("today.column.decision"),
      width: "104px",
      cell: (row) => <VerbBadge verb={verbOf(row.decision)} />,
    },
  ];
  return beside ? columns.filter((column) => column.key !== "stake") : columns;
}
