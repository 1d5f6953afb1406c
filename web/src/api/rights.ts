import { useQuery } from "@tanstack/react-query";
import { me } from "./queries.ts";

/** Whether one may change things here: import, ask, train, mend. Until it is known, what is offered is offered. */
export function useMayOperate(): boolean {
  const { data } = useQuery(me);
  return data === undefined || data.rights.includes("operate");
}

/** Whether one may change who may do what. Until it is known, nothing of it is asked for: others are refused it. */
export function useMayAdminister(): boolean {
  const { data } = useQuery(me);
  return data?.rights.includes("administer") ?? false;
}
