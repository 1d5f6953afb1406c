import type { Catalog } from "../../api/shapes.ts";

/*
 * The grammar of a question's line, walked word by word: what each word is, and what might stand next. It knows the lines
 * with a deadline; of kernel/predict/language/grammar.py that is a part. The server has the last word; this only helps to
 * write.
 */

export type Slot =
  | "predict" | "answer" | "event" | "until" | "deadline" | "for" | "kind" | "before" | "cutoff" | "count" | "unit"
  | "clause" | "graceCount" | "graceUnit" | "worth" | "together"; // biome-ignore format: as a list
export type Word = { text: string; at: number; slot: Slot | null };
/** What the words so far say. */
type Said = { absent: boolean; event?: string; kind?: string; clauses: string[] };
export type Option = { text: string; about: string };
export type Completion = { from: number; to: number; slot: Slot | null; options: Option[] };

const NEXT: Readonly<Partial<Record<Slot, Slot>>> = {
  predict: "answer", answer: "event", event: "until", until: "deadline", deadline: "for", for: "kind", kind: "before",
  before: "cutoff", cutoff: "count", count: "unit", unit: "clause", graceCount: "graceUnit", graceUnit: "clause",
  worth: "clause", together: "clause",
}; // biome-ignore format: as a table
const CLAUSES: Readonly<Record<string, Slot>> = { grace: "graceCount", worth: "worth", together: "together" };
const NAME = /^[A-Za-z_][\w.-]*$/;
const UNIT = /^(day|hour|week)s?$/;

/** The line as words, each with its place in the grammar; from the first that does not fit on, null. */
export function walk(line: string): { words: Word[]; next: Slot | null; said: Said } {
  const words: Word[] = [];
  const said: Said = { absent: true, clauses: [] };
  let slot: Slot | null = "predict";
  for (const found of line.matchAll(/\S+/g)) {
    const text: string = found[0];
    const fits: boolean = slot !== null && fitsIn(slot, text, said);
    words.push({ text, at: found.index, slot: fits ? slot : null });
    slot = fits && slot !== null ? after(slot, text, said) : null;
  }
  return { words, next: slot, said };
}

/** Whether nothing is missing: more clauses may follow, but need not. */
export function isComplete(line: string): boolean {
  return walk(line).next === "clause";
}

/** Whether the line holds a word that does not fit where it stands. */
export function isBroken(line: string): boolean {
  return walk(line).next === null;
}

function fitsIn(slot: Slot, text: string, said: Said): boolean {
  switch (slot) {
    case "predict":
    case "for":
    case "before":
      return text === slot;
    case "answer":
      return text === "absent" || text === "happens";
    case "until":
      return text === (said.absent ? "until" : "by");
    case "count":
    case "graceCount":
      return /^\d{1,6}$/.test(text);
    case "unit":
    case "graceUnit":
      return UNIT.test(text);
    case "clause":
      return text in CLAUSES && !said.clauses.includes(text);
    default:
      return NAME.test(text);
  }
}

function after(slot: Slot, text: string, said: Said): Slot | null {
  if (slot === "answer") said.absent = text === "absent";
  if (slot === "event") said.event = text;
  if (slot === "kind") said.kind = text;
  if (slot !== "clause") return NEXT[slot] ?? null;
  said.clauses.push(text);
  return CLAUSES[text] ?? null;
}

/** What might stand where the caret is, by what is declared; the word being written narrows it. */
export function complete(line: string, caret: number, catalog: Catalog | undefined): Completion {
  const start = line.slice(0, caret).search(/\S*$/);
  const behind = /^\S*/.exec(line.slice(caret))?.[0].length ?? 0;
  const written = line.slice(start, caret);
  const { next, said } = walk(line.slice(0, start));
  const whole = walk(line).said;
  const known = { ...said, ...(whole.kind && !said.kind ? { kind: whole.kind } : {}) };
  const all = next === null ? [] : optionsOf(next, known, catalog);
  const options = narrowed(all, written);
  const same = options.length === 1 && options[0]?.text === written;
  return { from: start, to: caret + behind, slot: next, options: same ? [] : options };
}

function narrowed(options: Option[], written: string): Option[] {
  const wanted = written.toLowerCase();
  const starts = options.filter((one) => one.text.toLowerCase().startsWith(wanted));
  const holds = options.filter((one) => !starts.includes(one) && one.text.toLowerCase().includes(wanted));
  return [...starts, ...holds];
}

const plain = (...texts: string[]): Option[] => texts.map((text) => ({ text, about: "" }));

function optionsOf(slot: Slot, said: Said, catalog: Catalog | undefined): Option[] {
  switch (slot) {
    case "predict":
    case "for":
    case "before":
      return plain(slot);
    case "answer":
      return plain("absent", "happens");
    case "until":
      return plain(said.absent ? "until" : "by");
    case "count":
    case "graceCount":
      return plain("7", "14", "30");
    case "unit":
    case "graceUnit":
      return plain("days", "weeks", "hours");
    case "clause":
      return plain("grace", "worth", "together").filter((one) => !said.clauses.includes(one.text));
    default:
      return catalog === undefined ? [] : declared(slot, said, catalog);
  }
}

function declared(slot: Slot, said: Said, catalog: Catalog): Option[] {
  const of = said.kind ?? catalog.events.find((event) => event.name === said.event)?.of;
  const kind = catalog.kinds.find((one) => one.name === of);
  const attributes = (sorts: readonly string[]) =>
    (kind?.attributes ?? [])
      .filter((one) => sorts.includes(one.sort))
      .map((one) => ({ text: one.name, about: [one.label, one.unit].filter(Boolean).join(", ") }));
  switch (slot) {
    case "event":
      return catalog.events
        .filter((event) => !event.name.endsWith(".described") && (said.kind ?? event.of) === event.of)
        .map((event) => ({ text: event.name, about: event.label || event.of }));
    case "kind":
      return catalog.kinds
        .filter((one) => one.name === of || (of === undefined && one.attributes.length > 0))
        .map((one) => ({ text: one.name, about: one.label }));
    case "deadline":
    case "cutoff":
      return attributes(["day", "instant"]);
    case "worth":
      return attributes(["number"]);
    case "together":
      return (kind?.links ?? []).map((one) => ({ text: one.name, about: one.label || one.to }));
    default:
      return [];
  }
}

/** The line with an option put in the place of the word being written, and where the caret then stands. */
export function accepted(
  line: string,
  { from, to }: Completion,
  text: string,
): { line: string; caret: number } {
  const rest = line.slice(to).trimStart();
  const made = `${line.slice(0, from)}${text} `;
  return { line: made + rest, caret: made.length };
}
