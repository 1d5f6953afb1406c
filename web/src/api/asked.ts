import { infiniteQueryOptions, queryOptions, useQuery } from "@tanstack/react-query";
import { api, body } from "./client.ts";
import { me } from "./queries.ts";
import { useMayAdminister } from "./rights.ts";
import type { AskState } from "./shapes.ts";

/* What people are asked: the reads of the inbox. */

export type Narrowed = { state: AskState; assignee?: string };

const PAGE = 50;
/** More open ones than this are not counted: the badge says 99+. */
const COUNTED = 99;

export const asked = (narrowed: Narrowed) =>
  infiniteQueryOptions({
    queryKey: ["inbox", "list", narrowed],
    queryFn: ({ signal, pageParam }) => {
      const query = { limit: PAGE, ...narrowed, ...(pageParam === null ? {} : { after: pageParam }) };
      return body(api.GET("/v1/inbox", { params: { query }, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });

export const askedOne = (id: string) =>
  queryOptions({
    queryKey: ["inbox", "one", id],
    queryFn: ({ signal }) => body(api.GET("/v1/inbox/{id}", { params: { path: { id } }, signal })),
  });

const open = queryOptions({
  queryKey: ["inbox", "open"],
  queryFn: ({ signal }) => {
    const query = { state: "open", limit: COUNTED, fields: "id" } as const;
    return body(api.GET("/v1/inbox", { params: { query }, signal }));
  },
  select: ({ asked, next }) => ({ count: asked.length, more: next !== null }),
});

/** How many are open, as far as that is counted; undefined while it is not known, and where there is none. */
export function useOpenAsked(wanted: boolean): { count: number; more: boolean } | undefined {
  const { data: known } = useQuery(me);
  const { data } = useQuery({ ...open, enabled: wanted && known !== undefined });
  return wanted && data !== undefined && data.count > 0 ? data : undefined;
}

const users = queryOptions({
  queryKey: ["users"],
  queryFn: ({ signal }) => body(api.GET("/v1/users", { params: { query: { limit: 200 } }, signal })),
  retry: false,
});

/** The names of the users who may answer; undefined until they are known, null where one may not see them. */
export function useAnswering(): string[] | null | undefined {
  const may = useMayAdminister();
  const { data, isError } = useQuery({ ...users, enabled: may });
  if (!may || isError) return null;
  return data?.users.filter((one) => !one.disabled && one.role !== "viewer").map((one) => one.name);
}
