const DAY = 86_400_000;

/** Ways to put something off, with how many days. */
export const PRESETS = [
  { key: "tomorrow", days: 1 },
  { key: "days", days: 3 },
  { key: "week", days: 7 },
] as const;

export const daysLater = (now: string, days: number): string =>
  new Date(Date.parse(now) + days * DAY).toISOString();

/** Whether it can be put off until then: not beyond the moment by which an answer is wanted. */
export const isInTime = (until: string, now: string, due: string): boolean =>
  Date.parse(now) < Date.parse(until) && Date.parse(until) < Date.parse(due);

/** The days that can be chosen, as a date field writes them; null where none begins before it is too late. */
export function choosable(now: string, due: string): { min: string; max: string } | null {
  const min = daysLater(now, 1).slice(0, 10);
  const max = new Date(Date.parse(due) - 1).toISOString().slice(0, 10);
  return min <= max ? { min, max } : null;
}
