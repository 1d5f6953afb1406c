import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, body } from "./client.ts";
import type { NewAsks } from "./shapes.ts";

/* Where people are asked outside of the app, and who is who there: looked at when somebody opens the settings. */

const CHATS = new Set(["slack", "teams"]);

export const chats = queryOptions({
  queryKey: ["destinations"],
  queryFn: async ({ signal }) => (await body(api.GET("/v1/destinations", { signal }))).destinations,
  select: (found) => found.filter((one) => CHATS.has(one.channel)),
});

/** For whoever may change them. */
export const chatUsers = queryOptions({
  queryKey: ["chat-users"],
  queryFn: async ({ signal }) => (await body(api.GET("/v1/chat-users", { signal }))).chat_users,
});

/** Say what people are asked in a chat from now on, or that it is nothing. */
export function useAsks(name: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (asks: NewAsks) =>
      api.PUT("/v1/destinations/{name}/asks", { params: { path: { name } }, body: asks }),
    onSuccess: () => queries.invalidateQueries({ queryKey: chats.queryKey }),
  });
}

/** Let somebody in Slack answer as a user; as nobody (null) from now on. */
export function useLinking() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, user }: { id: string; user: string | null }) => {
      const params = { path: { id } };
      if (user === null) await api.DELETE("/v1/chat-users/{id}", { params });
      else await api.PUT("/v1/chat-users/{id}", { params, body: { user } });
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: chatUsers.queryKey }),
  });
}
