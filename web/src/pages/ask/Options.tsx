import { useEffect, useRef } from "react";
import type { Catalog } from "../../api/shapes.ts";
import type { Key } from "../../texts/catalogue.ts";
import { useTexts } from "../../texts/Texts.tsx";
import classes from "./ask.module.css";
import type { Completion, Slot } from "./complete.ts";

type OptionsProps = {
  id: string;
  catalog: Catalog | undefined;
  completion: Completion;
  active: number;
  take: (text: string) => void;
  label: string;
};

/** What a word of the grammar says, for those who meet it for the first time. */
const ABOUT: Readonly<Record<string, Key>> = {
  predict: "ask.word.predict",
  absent: "ask.word.absent",
  happens: "ask.word.happens",
  count: "ask.word.count",
  total: "ask.word.total",
  next: "ask.word.next",
  value: "ask.word.value",
  where: "ask.word.where",
  and: "ask.word.and",
  is: "ask.word.is",
  not: "ask.word.not",
  above: "ask.word.above",
  below: "ask.word.below",
  until: "ask.word.until",
  by: "ask.word.by",
  within: "ask.word.within",
  for: "ask.word.for",
  before: "ask.word.before",
  at: "ask.word.at",
  every: "ask.word.every",
  active: "ask.word.active",
  once: "ask.word.once",
  unless: "ask.word.unless",
  grace: "ask.word.grace",
  worth: "ask.word.worth",
  past: "ask.word.past",
  together: "ask.word.together",
};

const SLOTS: Readonly<Partial<Record<Slot, Key>>> = {
  event: "ask.slot.event",
  amount: "ask.slot.amount",
  attribute: "ask.slot.attribute",
  class: "ask.slot.class",
  condition: "ask.slot.condition",
  deadline: "ask.slot.deadline",
  kind: "ask.slot.kind",
  cutoff: "ask.slot.cutoff",
  count: "ask.slot.count",
  worth: "ask.slot.worth",
  together: "ask.slot.together",
};

/** The list under the line. */
export function Options({ id, completion, active, take, label }: OptionsProps) {
  const { t } = useTexts();
  const list = useRef<HTMLDivElement>(null);
  const { slot, options } = completion;
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: "nearest" });
  }, [active]);
  const head = slot === null ? undefined : SLOTS[slot];
  return (
    <div className={classes.options}>
      {head && <div className={classes.optionsHead}>{t(head)}</div>}
      <div id={`${id}-list`} role="listbox" aria-label={label} ref={list} className={classes.list}>
        {options.map((option, place) => {
          const said = ABOUT[option.text];
          return (
            <div
              key={option.text}
              id={`${id}-${place}`}
              role="option"
              aria-selected={place === active}
              className={classes.option}
              tabIndex={-1}
              onMouseDown={(event) => {
                event.preventDefault();
                take(option.text);
              }}
            >
              <span className={classes.optionText}>{option.text}</span>
              <span className="soft cut">{said ? t(said) : option.about}</span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
