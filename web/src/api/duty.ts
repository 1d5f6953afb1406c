import { queryOptions } from "@tanstack/react-query";
import { api, body } from "./client.ts";

/* What a workspace is held to, and by whom it is told: looked at when somebody opens the settings. */

export const invariants = queryOptions({
  queryKey: ["invariants"],
  queryFn: async ({ signal }) => (await body(api.GET("/v1/invariants", { signal }))).invariants,
});

export const hooks = queryOptions({
  queryKey: ["hooks"],
  queryFn: async ({ signal }) => (await body(api.GET("/v1/hooks", { signal }))).hooks,
});
