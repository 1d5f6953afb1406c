import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { attempts } from "./attempts.ts";
import { api, body } from "./client.ts";
import { Problem } from "./problem.ts";
import type { Decided, Prediction } from "./shapes.ts";
import { words } from "./words.ts";

/* What is known of things: the reads of the subject's page and of the lists of a kind. */

export type Wanted = { kind: string; q?: string; linked_to?: string };

const PAGE = 50;
const MOST = 200;
const NEAR = 6;

export const catalog = queryOptions({
  queryKey: ["catalog"],
  queryFn: ({ signal }) => body(api.GET("/v1/catalog", { signal })),
  staleTime: 60_000,
});

/** A thing as it is known now, or as it was known by the end of a day. */
export const entity = (kind: string, key: string, asOf?: string) =>
  queryOptions({
    queryKey: ["entity", `${kind}/${key}`, asOf ?? null],
    queryFn: ({ signal }) => {
      const query = asOf === undefined ? {} : { as_of: asOf };
      return body(api.GET("/v1/entities/{kind}/{key}", { params: { path: { kind, key }, query }, signal }));
    },
    // What was known on a past day changes only when something is taken back.
    staleTime: asOf === undefined ? 10_000 : 300_000,
  });

/** Everything that was ever predicted about a thing. */
export const predictedOf = (subject: string) =>
  queryOptions({
    queryKey: ["predictions", { subject, all: true, aside: "any" }],
    queryFn: async ({ signal }): Promise<Prediction[]> => {
      const query = { subject, all: true, aside: "any", rank: "day", limit: MOST } as const;
      const page = await body(api.GET("/v1/predictions", { params: { query }, signal }));
      return page.predictions;
    },
  });

/** What was decided about a thing, and what came of it, the newest first. */
export const decidedOf = (subject: string) =>
  queryOptions({
    queryKey: ["decisions", subject],
    queryFn: async ({ signal }): Promise<Decided[]> => {
      const query = { subject, limit: MOST } as const;
      const page = await body(api.GET("/v1/decisions", { params: { query }, signal }));
      return page.decisions;
    },
  });

/** The things of a kind by key, a page at a time. */
export const things = ({ kind, q, ...rest }: Wanted) => {
  const looked = words(q);
  const narrowed = looked === undefined ? rest : { ...rest, q: looked };
  return infiniteQueryOptions({
    queryKey: ["entities", kind, narrowed],
    queryFn: ({ signal, pageParam }) => {
      const query = { limit: PAGE, ...narrowed, ...(pageParam === null ? {} : { after: pageParam }) };
      return body(api.GET("/v1/entities/{kind}", { params: { path: { kind }, query }, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
};

/** What goes by nearly the key that nothing was found under: by all of it in any kind, else by ever less of it. */
export const near = (kind: string, key: string) =>
  queryOptions({
    queryKey: ["search", "near", kind, key],
    queryFn: async ({ signal }) => {
      for (const q of attempts(key)) {
        const query = { q, limit: NEAR, ...(q === key ? {} : { kind }) };
        const { found } = await body(api.GET("/v1/search", { params: { query }, signal }));
        if (found.length > 0) return found;
      }
      return [];
    },
    retry: false,
  });

/** Whether an error says that there is no such thing. */
export function isUnknown(error: unknown): boolean {
  return error instanceof Problem && error.status === 404;
}
