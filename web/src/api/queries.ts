import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, body } from "./client.ts";
import { isShut, problemOf } from "./problem.ts";
import type { PredictionFilter } from "./shapes.ts";
import { turnBack } from "./workspace.ts";

/*
 * Every read of the interface as query options. The first member of a key names the area, the second what it is
 * about: api/stream.ts invalidates by them.
 */

const PAGE = 50;

const whoami = (signal: AbortSignal) => body(api.GET("/v1/me", { signal }));

/** Who one is; in the usual workspace where the one that a link named is not open, lest a link locks anybody out. */
export const me = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) =>
    whoami(signal).catch((error: unknown) => {
      if (isShut(error) && turnBack()) return whoami(signal);
      throw error;
    }),
  staleTime: 60_000,
  retry: false,
});

export const questions = queryOptions({
  queryKey: ["questions"],
  queryFn: ({ signal }) => body(api.GET("/v1/questions", { signal })),
});

export const findings = queryOptions({
  queryKey: ["findings"],
  queryFn: ({ signal }) => body(api.GET("/v1/findings", { signal })),
});

export const population = (name: string) =>
  queryOptions({
    queryKey: ["population", name],
    queryFn: ({ signal }) =>
      body(api.GET("/v1/questions/{name}/population", { params: { path: { name } }, signal })),
  });

export const proof = (name: string) =>
  queryOptions({
    queryKey: ["proof", name],
    queryFn: async ({ signal }) => {
      const call = api.GET("/v1/questions/{name}/proof", { params: { path: { name } }, signal });
      const found = await body(call);
      // Its other form, a text, is answered only to whoever asks for a file.
      if (typeof found === "string") throw problemOf(200, null);
      return found;
    },
  });

export const versions = (name: string) =>
  queryOptions({
    queryKey: ["versions", name],
    queryFn: ({ signal }) =>
      body(api.GET("/v1/questions/{name}/versions", { params: { path: { name } }, signal })),
  });

export const watch = (name: string) =>
  queryOptions({
    queryKey: ["watch", name],
    queryFn: ({ signal }) =>
      body(api.GET("/v1/questions/{name}/watch", { params: { path: { name } }, signal })),
  });

export const predictions = (filter: PredictionFilter) =>
  infiniteQueryOptions({
    queryKey: ["predictions", filter],
    queryFn: ({ signal, pageParam }) =>
      body(
        api.GET("/v1/predictions", {
          params: {
            query: { limit: PAGE, ...filter, ...(pageParam === null ? {} : { after: pageParam }) },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });

export const search = (q: string) =>
  queryOptions({
    queryKey: ["search", q],
    queryFn: ({ signal }) => body(api.GET("/v1/search", { params: { query: { q, limit: 12 } }, signal })),
    enabled: q.trim().length > 0,
    staleTime: 30_000,
  });
