import type { PredictionFilter, Rank, Stage } from "../../api/shapes.ts";
import { words } from "../../api/words.ts";
import { text } from "../../app/address.ts";

export const VIEWS = ["forecasts", "overdue", "later", "aside"] as const;
export const RANKS: readonly Rank[] = ["money", "probability", "day"];
export const VERBS: readonly Stage[] = ["ask", "act", "hold", "drop", "none"];
export const GROUPS = ["decision", "question"] as const;

/** What Today shows, as it stands in the address. A member that is absent has its usual value. */
export type Filter = {
  view?: Exclude<(typeof VIEWS)[number], "forecasts">;
  question?: string;
  verb?: Stage;
  q?: string;
  rank?: Exclude<Rank, "money">;
  group?: (typeof GROUPS)[number];
};

const oneOf = <T extends string>(value: unknown, known: readonly T[], usual?: NoInfer<T>): T | undefined => {
  const found = known.find((one) => one === value);
  return found === usual ? undefined : found;
};

/** Read the address; what is not understood is left out, so that an old link still opens the page. */
export function readFilter(search: Record<string, unknown>): Filter {
  const read = {
    view: oneOf(search.view, VIEWS, "forecasts"),
    question: text(search.question),
    verb: oneOf(search.verb, VERBS),
    q: text(search.q),
    rank: oneOf(search.rank, RANKS, "money"),
    group: oneOf(search.group, GROUPS),
  };
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined)) as Filter;
}

/** What to ask the interface for. */
export function asked({ question, verb, q: typed, rank, view }: Filter): PredictionFilter {
  const q = words(typed);
  return {
    rank: rank ?? "money",
    aside: view === "aside" ? "true" : "false",
    ...(question === undefined ? {} : { question }),
    ...(verb === undefined ? {} : { verb }),
    ...(q === undefined ? {} : { q }),
  };
}

/** Whether anything narrows the list. */
export function narrowed({ question, verb, q }: Filter): boolean {
  return question !== undefined || verb !== undefined || q !== undefined;
}
