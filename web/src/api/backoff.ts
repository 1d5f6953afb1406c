const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 30_000;

/** How long to wait before the next attempt, with some chance in it so that a thousand tabs do not return at once. */
export function wait(attempt: number, chance: number): number {
  return Math.min(FIRST_WAIT * 2 ** attempt, LONGEST_WAIT) * (0.5 + chance / 2);
}
