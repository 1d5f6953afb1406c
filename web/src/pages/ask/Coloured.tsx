import { Fragment } from "react";
import classes from "./ask.module.css";
import { type Slot, walk } from "./complete.ts";

const NAMES: ReadonlySet<Slot | null> = new Set<Slot>([
  "event",
  "amount",
  "attribute",
  "class",
  "deadline",
  "kind",
  "cutoff",
  "condition",
  "said",
  "worth",
  "together",
]);

/** The word of an error: where it begins and how long it is. */
export type Mark = { at: number; length: number };

/** A line with its names told from the words of the grammar; one word may be marked as wrong. */
export function Coloured({ line, mark }: { line: string; mark?: Mark | undefined }) {
  const { words } = walk(line);
  let written = 0;
  return (
    <span className={classes.coloured}>
      {words.map(({ text, at, slot }) => {
        const gap = line.slice(written, at);
        written = at + text.length;
        const wrong = mark !== undefined && mark.length > 0 && mark.at >= at && mark.at < written;
        const style = wrong ? classes.wrongWord : NAMES.has(slot) ? classes.name : classes.word;
        return (
          <Fragment key={at}>
            {gap}
            <span className={style}>{text}</span>
          </Fragment>
        );
      })}
      {line.slice(written)}
    </span>
  );
}
