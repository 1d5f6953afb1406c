import type { Format } from "../../texts/format.ts";

/** 0.802 */
export function exact(format: Format, value: number, digits = 3): string {
  return value.toLocaleString(format.locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** +0.021 */
export function signed(format: Format, value: number): string {
  return value.toLocaleString(format.locale, {
    minimumFractionDigits: 3,
    maximumFractionDigits: 3,
    signDisplay: "exceptZero",
  });
}

/** A share as its number of points in a hundred: 5.5 */
export function points(format: Format, share: number): string {
  return (share * 100).toLocaleString(format.locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}

/** A share of pairs as whole pairs in a hundred. */
export function inHundred(share: number): number {
  return Math.round(share * 100);
}
