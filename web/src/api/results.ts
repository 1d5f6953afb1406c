import type { Batch, Held, Job, ProofDocument, Verb } from "./shapes.ts";

/* What came of a job. The document says no more of it than that it is an object; each kind of work has its own. */

const COUNTED = ["rows", "events", "repeated", "revised", "staged", "quarantined"] as const;

/** Of an import, so far or in all. */
export type Counts = Pick<Batch, (typeof COUNTED)[number]>;
/** Of rows that were tried again. */
export type Tried = { recorded: Counts | null; still_wrong: Pick<Held, "reason">[] };
/** Of a training. */
export type Trained = Pick<ProofDocument, "question" | "verdict" | "headline">;

/** Of a rehearsal: by decision how many, what they are expected to bring, and what came of them. */
export type Rehearsed = {
  question: string;
  /** The question, an event or a detector, or every day. */
  wakes_on?: string;
  since: string;
  until: string;
  asked: number;
  headline: string;
  decided: Partial<Record<Verb, number>>;
  value: Partial<Record<Verb, number>>;
  /** By choice how many, with those kept back. */
  chosen?: Record<string, number>;
  /** And by channel. */
  channels?: Record<string, number>;
  came: Partial<Record<Verb, { mature: number; yes: number }>>;
  /** What is true of those that came so. */
  means?: string;
  sides: { side: string; called: string; line: number | null; bound: number | null }[];
  shown: {
    subject: string;
    party: string;
    cutoff: string;
    choice: string;
    verb: Verb;
    because: string;
    probability: number | null;
    value: number;
    /** 1 where it came so, 0 where it did not; null where that is not known yet. */
    answer: number | null;
    text: string;
  }[];
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

const isCounts = (value: unknown): value is Counts =>
  isObject(value) && COUNTED.every((name) => typeof value[name] === "number");

const isReason = (value: unknown): value is Pick<Held, "reason"> =>
  isObject(value) && typeof value.reason === "string";

const isTrained = (value: unknown): value is Trained =>
  isObject(value) && ["question", "verdict", "headline"].every((name) => typeof value[name] === "string");

export const countsOf = ({ result }: Job): Counts | null => (isCounts(result) ? result : null);

export const trainedOf = ({ result }: Job): Trained | null => (isTrained(result) ? result : null);

export function triedOf({ what, result }: Job): Tried | null {
  if (what !== "replay" || result === null) return null;
  const { recorded, still_wrong } = result;
  return {
    recorded: isCounts(recorded) ? recorded : null,
    still_wrong: Array.isArray(still_wrong) ? still_wrong.filter(isReason) : [],
  };
}

export function rehearsedOf({ what, result }: Job): Rehearsed | null {
  if (what !== "rehearse" || !isObject(result)) return null;
  const tables = [result.decided, result.value, result.came].every(isObject);
  const lists = [result.sides, result.shown].every(Array.isArray);
  return tables && lists && typeof result.headline === "string" ? (result as unknown as Rehearsed) : null;
}

/** The numbers in a result, by name. */
export function numbersOf({ result }: Job): Record<string, number> {
  const numbers = Object.entries(result ?? {}).filter(
    (one): one is [string, number] => typeof one[1] === "number",
  );
  return Object.fromEntries(numbers);
}
