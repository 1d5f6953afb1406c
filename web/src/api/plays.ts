import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, body } from "./client.ts";

/* What is done, and what becomes of it: the reads of the playbooks' page. */

const PAGE = 5;
/** Runs move by waits and messages of which the stream does not tell; so long as one goes on it is asked after. */
const ASKED_AFTER = 5_000;

export const playbooks = queryOptions({
  queryKey: ["playbooks"],
  queryFn: ({ signal }) => body(api.GET("/v1/playbooks", { signal })),
});

/** The newest runs of a playbook. */
export const runsOf = (playbook: string) =>
  infiniteQueryOptions({
    queryKey: ["runs", "of", playbook],
    queryFn: ({ signal, pageParam }) => {
      const query = { limit: PAGE, playbook, ...(pageParam === null ? {} : { after: pageParam }) };
      return body(api.GET("/v1/runs", { params: { query }, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.runs.some((one) => one.ended_at === null)) ? ASKED_AFTER : false,
  });

/** A run, step by step. */
export const run = (id: string) =>
  queryOptions({
    queryKey: ["runs", "one", id],
    queryFn: ({ signal }) => body(api.GET("/v1/runs/{id}", { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) => (state.data?.ended_at === null ? ASKED_AFTER : false),
  });

/** What acting by a playbook changed. */
export const effectOf = (name: string) =>
  queryOptions({
    queryKey: ["playbooks", "effect", name],
    queryFn: ({ signal }) =>
      body(api.GET("/v1/playbooks/{name}/effect", { params: { path: { name } }, signal })),
  });

/** The experiments of a playbook, newest first. */
export const experimentsOf = (playbook: string) =>
  queryOptions({
    queryKey: ["experiments", "of", playbook],
    queryFn: ({ signal }) => body(api.GET("/v1/experiments", { params: { query: { playbook } }, signal })),
  });

/** An experiment with all that can be told of it. */
export const experiment = (id: string) =>
  queryOptions({
    queryKey: ["experiments", "one", id],
    queryFn: ({ signal }) => body(api.GET("/v1/experiments/{id}", { params: { path: { id } }, signal })),
  });
