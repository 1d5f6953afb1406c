import type { Decided, Entity, Occurrence, Prediction, Value } from "../../api/shapes.ts";

const DAY = 86_400_000;
/** What is not dated is taken to have been known from this year on. */
const UNDATED = 1900;
/** How far back the slider goes where nothing dates the beginning. */
const LOOKBACK = 3_650;

export type AsOf = { as_of?: string };

/** Read the day from the address; what is no day is left out. */
export function readAsOf(search: Record<string, unknown>): AsOf {
  const day = search.as_of;
  return typeof day === "string" && /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(day))
    ? { as_of: day }
    : {};
}

/** Days since the epoch, in UTC, and back. */
export const dayNumber = (time: string): number => Math.floor(Date.parse(time) / DAY);
export const dayText = (number: number): string => new Date(number * DAY).toISOString().slice(0, 10);

/** Whether a moment stands for "from the start": nobody dated it. */
export const isUndated = (time: string): boolean => new Date(time).getUTCFullYear() <= UNDATED;

export type Span = { first: number; last: number };

/** From the first day on which something was known to the present one. */
export function spanOf(thing: Entity, now: string): Span {
  const last = dayNumber(now);
  if (!isUndated(thing.first_known)) return { first: Math.min(dayNumber(thing.first_known), last), last };
  const dated = thing.timeline.map((one) => one.known_at).filter((at) => !isUndated(at));
  return { first: Math.min(last - LOOKBACK, ...dated.map(dayNumber)), last };
}

export const clamp = (day: number, { first, last }: Span): number => Math.min(Math.max(day, first), last);

/** The days on which something became known, in order. */
export function newsDays(thing: Entity, span: Span): number[] {
  const days = thing.timeline.map((one) => dayNumber(one.known_at)).filter((day) => day >= span.first);
  return [...new Set(days)].sort((a, b) => a - b);
}

export type Fact = {
  name: string;
  value: Value;
  /** What it is now, where that is something else; undefined where it is the same. */
  now?: Value;
};

/** What was known then, each with what it has become since. */
export function facts(
  then: Readonly<Record<string, Value>>,
  now: Readonly<Record<string, Value>>,
  order: readonly string[],
): Fact[] {
  const place = new Map(order.map((name, at) => [name, at]));
  const rank = (name: string) => place.get(name) ?? order.length;
  return Object.entries(then)
    .sort(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b))
    .map(([name, value]) =>
      Object.is(now[name] ?? null, value) ? { name, value } : { name, value, now: now[name] ?? null },
    );
}

/** How many facts became known only later. */
export function laterFacts(then: object, now: object): number {
  return Object.keys(now).filter((name) => !(name in then)).length;
}

export type DayOf = { day: string; occurrences: Occurrence[] };

/** A timeline by the day on which things happened, the newest first. */
export function byDay(timeline: readonly Occurrence[]): DayOf[] {
  const days = new Map<string, Occurrence[]>();
  for (const one of timeline) {
    const day = one.time.slice(0, 10);
    const known = days.get(day);
    if (known === undefined) days.set(day, [one]);
    else known.push(one);
  }
  return [...days]
    .map(([day, occurrences]) => ({ day, occurrences }))
    .sort((a, b) => b.day.localeCompare(a.day));
}

type Made = Pick<Prediction, "made_at" | "deadline" | "outcome" | "settled">;

/** What had been predicted by a day, without what came out after it. */
export function madeBy<P extends Made>(predictions: readonly P[], day: string | undefined): P[] {
  if (day === undefined) return [...predictions];
  const last = dayNumber(day);
  return predictions
    .filter((one) => dayNumber(one.made_at) <= last)
    .map((one) => (dayNumber(one.deadline) <= last ? one : { ...one, outcome: null, settled: false }));
}

type Judged = Pick<Decided, "at" | "outcome">;

/** What had been decided by a day, without what came of it after it. */
export function decidedBy<D extends Judged>(decisions: readonly D[], day: string | undefined): D[] {
  if (day === undefined) return [...decisions];
  const last = dayNumber(day);
  const over = (outcome: Judged["outcome"]) =>
    typeof outcome?.closes_at === "string" && dayNumber(outcome.closes_at) <= last;
  return decisions
    .filter((one) => dayNumber(one.at) <= last)
    .map((one) => (over(one.outcome) ? one : { ...one, outcome: null }));
}
