/** What wakes a playbook that looks each day at all who are open. */
const EVERY_DAY = "every day";

/** Whether forecasts wake it; else facts do. */
export function foresees({
  question,
  wakes_on = question,
}: {
  question: string;
  wakes_on?: string;
}): boolean {
  return wakes_on === question || wakes_on === EVERY_DAY;
}
