import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, body } from "./client.ts";
import type { NewRoute } from "./shapes.ts";

/* Who is asked what a playbook puts into the inbox: looked at when somebody opens the settings. */

export const routes = queryOptions({
  queryKey: ["routes"],
  queryFn: async ({ signal }) => (await body(api.GET("/v1/routes", { signal }))).routes,
});

/** Say who is asked what from now on; what waits and is nobody's stays so. */
export function useRoute() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ name, ...route }: NewRoute & { name: string }) =>
      body(api.PUT("/v1/routes/{name}", { params: { path: { name } }, body: route })),
    onSuccess: () => queries.invalidateQueries({ queryKey: routes.queryKey }),
  });
}

/** Ask nobody by a route any more. */
export function useUnroute() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => api.DELETE("/v1/routes/{name}", { params: { path: { name } } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: routes.queryKey }),
  });
}
