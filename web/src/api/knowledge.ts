import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { attempts } from "./attempts.ts";
import { api, body } from "./client.ts";
import type { Prediction } from "./contract.ts";
import { Problem } from "./problem.ts";

/*
 * What is known of things: the routes of the contract that docs/openapi.json does not list yet, and the reads of the
 * subject's page and of the lists of a kind.
 */

export type Value = string | number | boolean | null;
export type Occurrence = {
  position: number;
  type: string;
  time: string;
  known_at: string;
  source: string;
  id: string;
  data: Record<string, unknown>;
};
export type Entity = {
  ref: string;
  as_of: string;
  exists_from: string;
  attributes: Record<string, Value>;
  links: Record<string, string>;
  linked_from: Record<string, number>;
  labels: Record<string, string>;
  units: Record<string, string>;
  first_known: string;
  last_known: string;
  timeline: Occurrence[];
};
export type Thing = Pick<Entity, "ref" | "exists_from" | "attributes" | "links">;
export type Kind = {
  name: string;
  label: string;
  person: boolean;
  attributes: { name: string; label: string; sort: string; unit: string | null; personal: boolean }[];
  links: { name: string; label: string; to: string }[];
};
export type Catalog = {
  kinds: Kind[];
  events: { name: string; label: string; of: string }[];
  forms: string[];
  words: string[];
};
export type Wanted = { kind: string; q?: string; linked_to?: string };

type Read<Result, Query, Path> = {
  get: {
    parameters: { query?: Query; header?: { "Sightline-Workspace"?: string }; path: Path; cookie?: never };
    requestBody?: never;
    responses: { 200: { headers: Record<string, unknown>; content: { "application/json": Result } } };
  };
};
type Page = { after?: string; limit?: number };
type None = Record<never, never>;

declare module "./contract.ts" {
  interface ContractPaths {
    "/v1/catalog": Read<Catalog, None, None>;
    "/v1/entities/{kind}": Read<
      { entities: Thing[]; next: string | null },
      Page & { q?: string; linked_to?: string; role?: string },
      { kind: string }
    >;
    "/v1/entities/{kind}/{key}": Read<Entity, { as_of?: string }, { kind: string; key: string }>;
  }
}

const PAGE = 50;
const MOST = 200;
const NEAR = 6;

export const catalog = queryOptions({
  queryKey: ["catalog"],
  queryFn: ({ signal }) => body(api.GET("/v1/catalog", { params: { path: {} }, signal })),
  staleTime: 60_000,
});

/** A thing as it is known now, or as it was known by the end of a day. */
export const entity = (kind: string, key: string, asOf?: string) =>
  queryOptions({
    queryKey: ["entity", `${kind}/${key}`, asOf ?? null],
    queryFn: ({ signal }) =>
      body(
        api.GET("/v1/entities/{kind}/{key}", {
          params: { path: { kind, key }, query: asOf === undefined ? {} : { as_of: asOf } },
          signal,
        }),
      ),
    // What was known on a past day changes only when something is taken back.
    staleTime: asOf === undefined ? 10_000 : 300_000,
  });

/** Everything that was ever predicted about a thing. */
export const predictedOf = (subject: string) =>
  queryOptions({
    queryKey: ["predictions", { subject, all: true, aside: "any" }],
    queryFn: async ({ signal }): Promise<Prediction[]> => {
      const query = { subject, all: true, aside: "any", rank: "day", limit: MOST } as const;
      const page = await body(api.GET("/v1/predictions", { params: { path: {}, query }, signal }));
      return page.predictions;
    },
  });

/** The things of a kind by key, a page at a time. */
export const things = ({ kind, ...narrowed }: Wanted) =>
  infiniteQueryOptions({
    queryKey: ["entities", kind, narrowed],
    queryFn: ({ signal, pageParam }) =>
      body(
        api.GET("/v1/entities/{kind}", {
          params: {
            path: { kind },
            query: { limit: PAGE, ...narrowed, ...(pageParam === null ? {} : { after: pageParam }) },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });

/** What goes by nearly the key that nothing was found under: by all of it in any kind, else by ever less of it. */
export const near = (kind: string, key: string) =>
  queryOptions({
    queryKey: ["search", "near", kind, key],
    queryFn: async ({ signal }) => {
      for (const q of attempts(key)) {
        const query = { q, limit: NEAR, ...(q === key ? {} : { kind }) };
        const { found } = await body(api.GET("/v1/search", { params: { path: {}, query }, signal }));
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
