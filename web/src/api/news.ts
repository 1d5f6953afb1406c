import type { QueryClient, QueryKey } from "@tanstack/react-query";
import { reread } from "./reread.ts";

/** What a message of the stream says was touched. */
export type News = {
  position: number;
  types: Record<string, number>;
  questions: string[];
  subjects: string[];
  now: string;
};

/** At most so many subjects are named in a message; when it is full, any may have changed. */
const NAMED = 50;
const OF_ANY_NEWS = new Set([
  "findings",
  "status",
  "me",
  "imports",
  "quarantine",
  "entities",
  "inbox",
  "playbooks",
  "runs",
]);

/** Whether a query's answer may be another after this news. Keys are those of queries.ts. */
export function touched(key: QueryKey, news: News): boolean {
  const [area, about] = key;
  if (typeof area !== "string") return false;
  if (OF_ANY_NEWS.has(area)) return true;
  if (area === "questions" || area === "predictions")
    return news.questions.length > 0 || area === "predictions";
  if (area === "population" || area === "proof" || area === "versions")
    return news.questions.includes(String(about));
  if (area === "entity" || area === "decisions")
    return news.subjects.length >= NAMED || news.subjects.includes(String(about));
  return false;
}

/** Let the queries that the news touched be read again. */
export function apply(queries: QueryClient, news: News): void {
  reread(queries, { predicate: (query) => touched(query.queryKey, news) });
}

/** Two messages as one, so that a burst of them costs one reading. */
export function merged(first: News | null, second: News): News {
  if (first === null) return second;
  return {
    ...second,
    types: { ...first.types, ...second.types },
    questions: [...new Set([...first.questions, ...second.questions])],
    subjects: [...new Set([...first.subjects, ...second.subjects])],
  };
}
