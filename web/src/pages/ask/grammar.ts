/*
 * The grammar of a question's line as places and the ways between them (kernel/predict/language/grammar.py). It only
 * helps to write: the server has the last word, and of words only those are offered that it names.
 */

export type Slot =
  | "word" | "event" | "amount" | "attribute" | "class" | "deadline" | "kind" | "cutoff" | "count" | "unit"
  | "condition" | "said" | "number" | "worth" | "together"; // biome-ignore format: as a list

/** A way on: by a word of the grammar, or by anything that fits the slot. */
export type Way = { slot: Slot; text?: string; to: string };

const NAME = /^[A-Za-z_][\w.-]*$/;
const TESTS: Readonly<Record<Exclude<Slot, "word">, RegExp>> = {
  event: NAME,
  amount: /^[A-Za-z_][\w-]*(\.[\w-]+)+$/,
  attribute: NAME,
  class: /^("([^"\\]|\\.)*"|[^\s"]+)$/,
  deadline: NAME,
  kind: NAME,
  cutoff: NAME,
  count: /^\d+$/,
  unit: /^(day|hour|week)s?$/,
  condition: NAME,
  said: /^("([^"\\]|\\.)*"|[^\s"]+)$/,
  number: /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i,
  worth: NAME,
  together: NAME,
};

const words = (to: Readonly<Record<string, string>>): Way[] =>
  Object.entries(to).map(([text, place]) => ({ slot: "word", text, to: place }));
const any = (slot: Slot, to: string): Way => ({ slot, to });

/** A span of time, and where it leads. */
const span = (from: string, to: string): Record<string, Way[]> => ({
  [from]: [any("count", `${from}.unit`)],
  [`${from}.unit`]: [any("unit", to)],
});

/** Conditions joined by "and", behind which it goes on as it would without them. */
const filter = (from: string, on: readonly Way[]): Record<string, Way[]> => ({
  [from]: [any("condition", `${from}.test`)],
  [`${from}.test`]: words({ is: `${from}.is`, above: `${from}.number`, below: `${from}.number` }),
  [`${from}.is`]: [...words({ not: `${from}.said` }), any("said", `${from}.end`)],
  [`${from}.said`]: [any("said", `${from}.end`)],
  [`${from}.number`]: [any("number", `${from}.end`)],
  [`${from}.end`]: [...words({ and: from }), ...on],
});

/** An answer that waits for an event: the event, which of them count, until when. */
const awaiting = (
  name: string,
  slot: Slot,
  ends: Readonly<Record<string, string>>,
): Record<string, Way[]> => ({
  [name]: [any(slot, `${name}.by`)],
  [`${name}.by`]: [...words({ where: `${name}.where` }), ...words(ends)],
  ...filter(`${name}.where`, words(ends)),
});

const WITHIN = { within: "within" };
const CUTOFFS = words({ before: "before", at: "at", every: "every", active: "active", once: "clause" });
const CLAUSES = words({ unless: "unless", grace: "grace", worth: "worth", together: "together" });

/** Where a line begins, and where it may end. */
export const START = "start";
export const ENDS: ReadonlySet<string> = new Set(["clause", "every.end", "worth.total"]);

export const PLACES: Readonly<Record<string, readonly Way[]>> = {
  [START]: words({ predict: "answer" }),
  answer: words({
    absent: "absent", happens: "happens", count: "count", total: "total", next: "next", value: "value",
  }), // biome-ignore format: as a list
  ...awaiting("absent", "event", { until: "deadline", ...WITHIN }),
  ...awaiting("happens", "event", { by: "deadline", ...WITHIN }),
  ...awaiting("count", "event", WITHIN),
  ...awaiting("total", "amount", WITHIN),
  ...awaiting("next", "event", WITHIN),
  value: [any("attribute", "value.is")],
  "value.is": words({ is: "class", by: "deadline", ...WITHIN, for: "kind" }),
  class: [any("class", "value.by")],
  "value.by": words({ by: "deadline", ...WITHIN, for: "kind" }),
  deadline: [any("deadline", "for")],
  ...span("within", "for"),
  for: words({ for: "kind" }),
  kind: [any("kind", "asked")],
  asked: [...words({ where: "asked.where" }), ...CUTOFFS],
  ...filter("asked.where", CUTOFFS),
  before: [any("cutoff", "before.span")],
  ...span("before.span", "clause"),
  at: [any("event", "clause")],
  ...span("every", "every.end"),
  "every.end": [...words({ active: "active" }), ...CLAUSES],
  active: [any("count", "active.span.unit"), any("event", "active.span")],
  ...span("active.span", "clause"),
  clause: CLAUSES,
  unless: [any("event", "clause")],
  ...span("grace", "clause"),
  worth: [...words({ total: "worth.total" }), any("worth", "clause")],
  "worth.total": [any("amount", "worth.past"), ...CLAUSES],
  "worth.past": words({ past: "past" }),
  ...span("past", "clause"),
  together: [any("together", "clause")],
};

/** The way a word takes from a place: words of the grammar go before names. */
export function wayBy(place: string, text: string): Way | undefined {
  const ways = PLACES[place] ?? [];
  return (
    ways.find((way) => way.slot === "word" && way.text === text) ??
    ways.find((way) => way.slot !== "word" && TESTS[way.slot].test(text))
  );
}
