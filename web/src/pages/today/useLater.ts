import { useQueries } from "@tanstack/react-query";
import { population } from "../../api/queries.ts";
import type { Question, Waiting } from "../../api/shapes.ts";

export type LaterRow = Waiting & { question: string };

/** Whom every question will ask about later: how many, the next ones by day, and how many more there are. */
export function useLater(questions: readonly Question[]) {
  const found = useQueries({ queries: questions.map((one) => population(one.name)) });
  const rows: LaterRow[] = found.flatMap((one, place) =>
    (one.data?.later ?? []).map((later) => ({ ...later, question: questions[place]?.name ?? "" })),
  );
  const counted = found.map((one) => one.data?.counts.later);
  return {
    ready: found.length > 0 && found.every((one) => one.data !== undefined),
    error: found.find((one) => one.error)?.error ?? null,
    again: () => void Promise.all(found.map((one) => one.refetch())),
    count: counted.reduce<number>((sum, one) => sum + (typeof one === "number" ? one : 0), 0),
    rows: rows.toSorted((a, b) => a.cutoff.localeCompare(b.cutoff) || (b.worth ?? 0) - (a.worth ?? 0)),
  };
}
