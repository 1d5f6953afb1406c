import { useQuery } from "@tanstack/react-query";
import { me } from "./queries.ts";
import type { Workspace } from "./shapes.ts";

/** The workspace one looks at, as far as it is known yet. */
export function useWorkspace(): Workspace | undefined {
  const { data } = useQuery(me);
  return data?.workspaces.find((one) => one.name === data.workspace);
}

/** The present moment of the workspace: a standing clock's own, else the world's. */
export function useNow(): string | undefined {
  const here = useWorkspace();
  if (here === undefined) return undefined;
  return here.clock === "standing" ? here.now : new Date().toISOString();
}
