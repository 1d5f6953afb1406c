import type { Format } from "../../texts/format.ts";

/** A share with one digit: 71.4% */
export function exactShare(format: Format, share: number): string {
  return share.toLocaleString(format.locale, { style: "percent", maximumFractionDigits: 1 });
}

/** A change of a share with its sign: +6.2% */
export function change(format: Format, share: number): string {
  return share.toLocaleString(format.locale, {
    style: "percent",
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
    signDisplay: "exceptZero",
  });
}

export type Between = { low: number; high: number };

/** What a claim rests on: the interval is clear of zero, or not, or there is none. */
export function claim(interval: Between | null): "none" | "open" | "better" | "worse" {
  if (interval === null) return "none";
  const { low, high } = interval;
  if (low <= 0 && high >= 0) return "open";
  return low > 0 ? "better" : "worse";
}

/** How far an experiment is: parties with an outcome of those that were planned, at most all. */
export function progress(settled: number, planned: number | null): number | null {
  return planned === null || planned <= 0 ? null : Math.min(1, settled / planned);
}
