import type { Catalog } from "../../api/shapes.ts";
import { ENDS, PLACES, type Slot, START, type Way, wayBy } from "./grammar.ts";

export type { Slot } from "./grammar.ts";

export type Word = { text: string; at: number; slot: Slot | null };
/** What the words so far say; `clauses`: those that stand once only. */
type Said = { event?: string; kind?: string; clauses: string[] };
export type Option = { text: string; about: string };
export type Completion = { from: number; to: number; slot: Slot | null; options: Option[] };

/** A text in quotes may hold spaces; one that is still being written reaches to the end. */
const WORDS = /"(?:[^"\\]|\\.)*"?|\S+/g;
const ONCE: ReadonlySet<string> = new Set(["grace", "worth", "together"]);

/** The line as words, each with its place in the grammar; from the first that does not fit on, null. */
export function walk(line: string): { words: Word[]; next: string | null; said: Said } {
  const words: Word[] = [];
  const said: Said = { clauses: [] };
  let place: string | null = START;
  for (const found of line.matchAll(WORDS)) {
    const text: string = found[0];
    const way: Way | undefined = place === null ? undefined : stepped(place, text, said);
    words.push({ text, at: found.index, slot: way?.slot ?? null });
    place = way?.to ?? null;
  }
  return { words, next: place, said };
}

function stepped(place: string, text: string, said: Said): Way | undefined {
  const way = wayBy(place, text);
  if (way === undefined) return undefined;
  if (way.slot === "word" && ONCE.has(text) && way.to === text) {
    if (said.clauses.includes(text)) return undefined;
    said.clauses.push(text);
  }
  if (way.slot === "event" && said.event === undefined) said.event = text;
  if (way.slot === "amount" && said.event === undefined) said.event = text.slice(0, text.lastIndexOf("."));
  if (way.slot === "kind") said.kind = text;
  return way;
}

/** Whether nothing is missing: more clauses may follow, but need not. */
export function isComplete(line: string): boolean {
  return ENDS.has(walk(line).next ?? "");
}

/** Whether the line holds a word that does not fit where it stands. */
export function isBroken(line: string): boolean {
  return walk(line).next === null;
}

/** What might stand where the caret is, by what is declared; the word being written narrows it. */
export function complete(line: string, caret: number, catalog: Catalog | undefined): Completion {
  const start = line.slice(0, caret).search(/\S*$/);
  const behind = /^\S*/.exec(line.slice(caret))?.[0].length ?? 0;
  const written = line.slice(start, caret);
  const { next, said } = walk(line.slice(0, start));
  const whole = walk(line).said;
  const known = { ...said, ...(whole.kind && !said.kind ? { kind: whole.kind } : {}) };
  const ways = next === null ? [] : (PLACES[next] ?? []);
  const all = ways.flatMap((way) => optionsOf(way, next ?? "", known, catalog));
  const options = narrowed(all, written);
  const same = options.length === 1 && options[0]?.text === written;
  const slot = ways.find((way) => way.slot !== "word")?.slot ?? (ways.length ? "word" : null);
  return { from: start, to: caret + behind, slot, options: same ? [] : options };
}

function narrowed(options: Option[], written: string): Option[] {
  const wanted = written.toLowerCase();
  const starts = options.filter((one) => one.text.toLowerCase().startsWith(wanted));
  const holds = options.filter((one) => !starts.includes(one) && one.text.toLowerCase().includes(wanted));
  return [...starts, ...holds];
}

const plain = (...texts: string[]): Option[] => texts.map((text) => ({ text, about: "" }));

/** The server names the words it reads; of one that names none, all are taken to be. */
const isRead = (word: string, catalog: Catalog | undefined): boolean =>
  !catalog?.words.length || catalog.words.includes(word);

function optionsOf(
  { slot, text = "" }: Way,
  place: string,
  said: Said,
  catalog: Catalog | undefined,
): Option[] {
  switch (slot) {
    case "word":
      return said.clauses.includes(text) || !isRead(text, catalog) ? [] : plain(text);
    case "count":
      return plain("7", "14", "30", "90", "180", "365");
    case "unit":
      return plain("days", "weeks", "hours");
    default:
      return catalog === undefined ? [] : declared(slot, place, said, catalog);
  }
}

type Kind = Catalog["kinds"][number];

function declared(slot: Slot, place: string, said: Said, catalog: Catalog): Option[] {
  const happens = catalog.events.find((event) => event.name === said.event)?.of;
  const kind = catalog.kinds.find((one) => one.name === (said.kind ?? happens));
  // Behind an event a condition is on what the event says, behind a kind on the subject.
  const meant = place.startsWith("asked") ? kind : catalog.kinds.find((one) => one.name === happens);
  switch (slot) {
    case "event":
      return eventsOf(said.kind, catalog).map(({ name, label, of }) => ({ text: name, about: label || of }));
    case "amount":
      return eventsOf(said.kind, catalog).flatMap((event) =>
        attributes(
          catalog.kinds.find((one) => one.name === event.of),
          ["number"],
        ).map((one) => ({ ...one, text: `${event.name}.${one.text}` })),
      );
    case "kind":
      return catalog.kinds
        .filter((one) =>
          happens === undefined ? one.attributes.length > 0 : isNear(one.name, happens, catalog),
        )
        .map((one) => ({ text: one.name, about: one.label }));
    case "attribute":
      return kind ? attributes(kind) : catalog.kinds.flatMap((one) => attributes(one));
    case "condition":
      return attributes(meant);
    case "deadline":
    case "cutoff":
      return attributes(kind, ["day", "instant"]);
    case "worth":
      return attributes(kind, ["number"]);
    case "together":
      return (kind?.links ?? []).map((one) => ({ text: one.name, about: one.label || one.to }));
    default:
      return [];
  }
}

const attributes = (kind: Kind | undefined, sorts?: readonly string[]): Option[] =>
  (kind?.attributes ?? [])
    .filter((one) => sorts?.includes(one.sort) ?? true)
    .map((one) => ({ text: one.name, about: [one.label, one.unit].filter(Boolean).join(", ") }));

/** What happens to a kind, or to things that point at it. */
function eventsOf(kind: string | undefined, catalog: Catalog): Catalog["events"] {
  const told = catalog.events.filter((event) => !event.name.endsWith(".described"));
  return kind === undefined ? told : told.filter((event) => isNear(kind, event.of, catalog));
}

function isNear(kind: string, of: string, catalog: Catalog): boolean {
  const happens = catalog.kinds.find((one) => one.name === of);
  return kind === of || (happens?.links.some((link) => link.to === kind) ?? false);
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
