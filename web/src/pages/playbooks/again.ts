import type { RunWhole, Stepped } from "../../api/shapes.ts";

/** The step in which what was decided is done; it has no name of its own. */
export const FIRST = "act";

/** Whether it can be done again from here: what was decided is done once, but where not even that could be. */
export function offers({ steps, state }: Pick<RunWhole, "steps" | "state">, one: Stepped): boolean {
  const last = steps.findLast(({ step }) => step === one.step);
  return last?.number === one.number && (one.step !== FIRST || state === "stuck");
}
