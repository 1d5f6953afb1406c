import { infiniteQueryOptions, queryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { api, body } from "./client.ts";
import type { Job } from "./shapes.ts";

/*
 * Reads about files, imports, quarantine, jobs and asking, as query options; the keys' first member names the area.
 */

const PAGE = 50;

/** How often a job is asked after while the stream does not tell of it, in milliseconds. */
const ASKED_AFTER = 700;

export const isOver = (job: Job): boolean =>
  job.state === "done" || job.state === "failed" || job.state === "cancelled";

export const catalog = queryOptions({
  queryKey: ["catalog"],
  queryFn: ({ signal }) => body(api.GET("/v1/catalog", { signal })),
});

export const job = (id: string) =>
  queryOptions({
    queryKey: ["job", id],
    queryFn: ({ signal }) => body(api.GET("/v1/jobs/{id}", { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) => (state.data && isOver(state.data) ? false : ASKED_AFTER),
  });

/** The newest jobs, whatever their state. */
export const jobs = queryOptions({
  queryKey: ["jobs"],
  queryFn: ({ signal }) => body(api.GET("/v1/jobs", { params: { query: { limit: PAGE } }, signal })),
});

export const imports = infiniteQueryOptions({
  queryKey: ["imports"],
  queryFn: ({ signal, pageParam }) =>
    body(
      api.GET("/v1/imports", {
        params: { query: { limit: PAGE, ...(pageParam === null ? {} : { after: pageParam }) } },
        signal,
      }),
    ),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next,
});

/** Whether anything was imported; undefined until that is known, and not denied where it cannot be read. */
export function useImported(): boolean | undefined {
  const { data, isError } = useInfiniteQuery(imports);
  return isError || data?.pages.some((page) => page.imports.length > 0);
}

export const quarantine = (source: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ["quarantine", source ?? null],
    queryFn: ({ signal, pageParam }) =>
      body(
        api.GET("/v1/quarantine", {
          params: {
            query: {
              limit: PAGE,
              ...(source === undefined ? {} : { source }),
              ...(pageParam === null ? {} : { after: pageParam }),
            },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });

export const heldRow = (number: number) =>
  queryOptions({
    queryKey: ["quarantine", "row", number],
    queryFn: ({ signal }) =>
      body(api.GET("/v1/quarantine/{number}", { params: { path: { number } }, signal })),
  });

export const proposal = (id: string) =>
  queryOptions({
    queryKey: ["proposal", id],
    queryFn: ({ signal }) => body(api.GET("/v1/files/{id}/proposal", { params: { path: { id } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

export const suggested = queryOptions({
  queryKey: ["suggested"],
  queryFn: ({ signal }) => body(api.GET("/v1/questions/suggested", { signal })),
});

export const checked = (line: string) =>
  queryOptions({
    queryKey: ["checked", line],
    queryFn: ({ signal }) => body(api.POST("/v1/questions/check", { body: { line }, signal })),
    enabled: line !== "",
    retry: false,
    staleTime: 30_000,
  });
