import { useState } from "react";
import type { Prediction, Question } from "../../api/shapes.ts";
import { useKeys } from "../../app/keys.ts";
import { FilterBar } from "./FilterBar.tsx";
import { ForecastList } from "./ForecastList.tsx";
import { asked, type Filter, type GROUPS, VERBS } from "./filter.ts";
import { Peek } from "./Peek.tsx";
import { SelectedBar } from "./SelectedBar.tsx";
import classes from "./today.module.css";
import { idOf } from "./useAsides.ts";

export type Change = (next: Partial<Record<keyof Filter, string | undefined>>) => void;

type ForecastsProps = {
  filter: Filter;
  change: Change;
  questions: readonly Question[];
  now: string | undefined;
};

/** The ranking, in one list or in groups, with the chosen row's details beside it. */
export function Forecasts({ filter, change, questions, now }: ForecastsProps) {
  const [current, setCurrent] = useState<Prediction | null>(null);
  const [open, setOpen] = useState(() => window.matchMedia("(min-width: 1280px)").matches);
  const [selected, setSelected] = useState<ReadonlyMap<string, Prediction>>(new Map());
  const toggle = (row: Prediction) => setSelected((before) => toggled(before, row));
  const leave = () => (selected.size > 0 ? setSelected(new Map()) : setOpen(false));
  useKeys({ Escape: leave });
  const shared = {
    questions,
    now,
    selected,
    toggle,
    current: current ? idOf(current) : undefined,
    choose: setCurrent,
    beside: open && current !== null,
    peek: (row: Prediction) => {
      setOpen(!open || current === null || idOf(current) !== idOf(row));
      setCurrent(row);
    },
  };
  return (
    <>
      <FilterBar filter={filter} change={change} questions={questions} />
      <div className={open && current ? classes.split : undefined}>
        <div className={classes.lists}>
          {groupsOf(filter, questions).map((group) => (
            <ForecastList key={group.key} group={group} filter={filter} {...shared} />
          ))}
        </div>
        {open && current && now && (
          <Peek
            prediction={current}
            question={questions.find((one) => one.name === current.question)}
            now={now}
            close={() => setOpen(false)}
          />
        )}
      </div>
      <SelectedBar rows={[...selected.values()]} clear={() => setSelected(new Map())} />
    </>
  );
}

function toggled(before: ReadonlyMap<string, Prediction>, row: Prediction): ReadonlyMap<string, Prediction> {
  const after = new Map(before);
  if (!after.delete(idOf(row))) after.set(idOf(row), row);
  return after;
}

export type Group = { key: string; by: (typeof GROUPS)[number] | null; asks: ReturnType<typeof asked> };

/** The lists to show: one, or one for each decision or question that the filter leaves. */
export function groupsOf(filter: Filter, questions: readonly Pick<Question, "name">[]): Group[] {
  const whole = asked(filter);
  if (filter.group === "decision") {
    const verbs = filter.verb === undefined ? VERBS : [filter.verb];
    return verbs.map((verb) => ({ key: verb, by: "decision", asks: { ...whole, verb } }));
  }
  if (filter.group === "question") {
    const names = filter.question === undefined ? questions.map((one) => one.name) : [filter.question];
    return names.map((question) => ({ key: question, by: "question", asks: { ...whole, question } }));
  }
  return [{ key: "all", by: null, asks: whole }];
}
