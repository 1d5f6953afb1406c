import type { components } from "../../api/schema.ts";

export type SideName = "yes" | "no";

/** One predicted side, and the line from which the promise holds on it, if any. */
export type Side = {
  side: SideName;
  called: string;
  promise: number;
  line: number | null;
  precision: number | null;
  bound: number | null;
  coverage: number;
};

/** A line that was tried: what it would have kept, for which share of the subjects. */
export type Tail = { line: number; precision: number; bound: number; coverage: number; enough: boolean };

export type Fold = {
  from: string;
  until: string;
  trained_on: number;
  asked: number;
  yes: number;
  auc: number | null;
  auc_attributes: number | null;
};

export type Bin = { mean_probability: number; share_yes: number; subjects: number };
export type Caught = { subjects: number; by_expected_loss: number; by_worth: number };
export type Money = {
  top: number;
  at_stake: number;
  by_expected_loss: number;
  by_worth: number;
  at_random: number;
  curve?: Caught[];
};
export type Feature = { feature: string; group: string; by: "value" | "presence"; auc: number };
export type Leaks = { checked: number; limit: number; suspicious: Feature[]; strongest: Feature[] };
export type Wrong = {
  subject: string;
  cutoff: string;
  probability: number;
  answer: string;
  worth: number | null;
};
export type Interval = [number, number];

/** A proof as the engine writes it. Members that older versions did not write are optional. */
export type ProofDocument = {
  question: string;
  asks?: string;
  verdict: string;
  headline: string;
  metrics: {
    auc: number | null;
    auc_interval: Interval | null;
    calibration_error: number | null;
    calibration_floor: number | null;
  };
  baseline: { auc: number | null };
  lift: {
    difference: number | null;
    interval: Interval | null;
    claimed: boolean;
    log_loss_over_base_rate_interval?: Interval;
  };
  split: {
    how: string;
    origin: string;
    until: string;
    folds: number;
    judged: number;
    judged_yes: number;
    clusters: number;
    together: string | null;
  };
  assumptions: string[];
  sides: Side[];
  lines?: Partial<Record<SideName, Tail[]>>;
  money: Money | null;
  population: Partial<Record<string, number | Record<string, number>>>;
  folds: Fold[];
  reliability: Bin[];
  sure_and_wrong: Wrong[];
  leaks?: Leaks;
  model: {
    version: string;
    rung: string;
    trained_on: number;
    yes: number;
    features: number;
    boosters: number;
  };
  data: { rows: number; last_position: number; as_of: string };
};

/**
 * The interface tells of a proof's members only that they are objects; this is what the engine puts into them. (Its
 * other form, a text, is answered only to whoever asks for a file.)
 */
export function documentOf(proof: components["schemas"]["Proof"] | string): ProofDocument {
  return proof as unknown as ProofDocument;
}

export type Why = "good" | "prior" | "same" | "thin" | "guess";

/** Why the verdict is what it is: `good` where the model may be used at all. */
export function whyOf({ verdict, model, metrics, lift }: ProofDocument): Why {
  if (verdict !== "do_not_use") return "good";
  if (model.rung === "prior") return "prior";
  if (metrics.auc === null) return "same";
  const ranks = (metrics.auc_interval?.[0] ?? 0) > 0.5;
  return ranks && (lift.log_loss_over_base_rate_interval?.[0] ?? 0) > 0 ? "thin" : "guess";
}

/** How people call an answer. */
export function called(document: ProofDocument, side: SideName): string {
  return document.sides.find((one) => one.side === side)?.called ?? side;
}

/** The best precision that any line reached on a side; null where none was tried. */
export function best(tails: readonly Tail[]): Tail | null {
  return tails.reduce<Tail | null>(
    (top, one) => (top === null || one.precision > top.precision ? one : top),
    null,
  );
}

/** Counted beside the others: some of those who were answered already. */
const TRACELESS = "answered_and_without_trace";

export type Count = { name: string; subjects: number; excluded: boolean };

/** The counts of the population as a flat list: those asked first, then those excluded by reason. */
export function counted({ population }: ProofDocument): Count[] {
  const found: Count[] = [];
  for (const [name, value] of Object.entries(population)) {
    if (typeof value === "number") found.push({ name, subjects: value, excluded: name === TRACELESS });
    else if (value !== undefined)
      found.push(
        ...Object.entries(value).map(([reason, subjects]) => ({ name: reason, subjects, excluded: true })),
      );
  }
  return found.sort((a, b) => Number(a.excluded) - Number(b.excluded));
}
