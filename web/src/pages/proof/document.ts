import type { ProofDocument, Rival, SideName, Tail } from "../../api/shapes.ts";

/** Whether the answers are quantities: then the figures tell how far off they were. */
export function isQuantity({ metrics }: ProofDocument): boolean {
  return metrics.mae !== undefined;
}

/** Whether there was anything to judge it by. */
export function isMeasured(document: ProofDocument): boolean {
  const { auc, mae } = document.metrics;
  return typeof (isQuantity(document) ? mae : auc) === "number";
}

const some = (found: readonly unknown[] | undefined) => (found ?? []).length > 0;

/** What a proof has a section for, in the order in which they are read. */
function has(document: ProofDocument) {
  const measured = isMeasured(document);
  const chance = measured && !isQuantity(document);
  return {
    gain: chance,
    lines: chance && (document.lines ?? null) !== null,
    chance,
    intervals: measured && some(document.calibration),
    time: measured,
    wrong: chance,
    outside: measured && some(document.outside),
    segments: measured && some(document.segments),
    tried: measured && some(document.contest?.rungs),
    champion: (document.champion ?? null) !== null,
    leaks: measured,
    notes: some(document.notes),
    assumed: true,
    counts: true,
    data: true,
  };
}

export type Part = keyof ReturnType<typeof has>;

/** The sections of a proof. */
export function partsOf(document: ProofDocument): Part[] {
  const there = has(document);
  return (Object.keys(there) as Part[]).filter((part) => there[part]);
}

export type Why = "good" | "prior" | "same" | "thin" | "guess";

/** Why the verdict is what it is: `good` where the model may be used at all. */
export function whyOf(document: ProofDocument): Why {
  const { verdict, model, metrics, lift } = document;
  if (verdict !== "do_not_use") return "good";
  if (model.rung === "prior") return "prior";
  if (isQuantity(document)) return typeof metrics.mae === "number" ? "guess" : "same";
  if (typeof metrics.auc !== "number") return "same";
  const ranks = (metrics.auc_interval?.[0] ?? 0) > 0.5;
  return ranks && (lift.log_loss_over_base_rate_interval?.[0] ?? 0) > 0 ? "thin" : "guess";
}

/** How it stands beside the model that was on duty: `few` where too little was asked since to tell. */
export function standing({ interval, better, worse }: Rival): "better" | "worse" | "even" | "few" {
  if ((interval ?? null) === null) return "few";
  if (better) return "better";
  return worse ? "worse" : "even";
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
    else
      found.push(
        ...Object.entries(value).map(([reason, subjects]) => ({ name: reason, subjects, excluded: true })),
      );
  }
  return found.sort((a, b) => Number(a.excluded) - Number(b.excluded));
}
