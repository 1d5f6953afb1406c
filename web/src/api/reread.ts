import type { InvalidateQueryFilters, Query, QueryClient } from "@tanstack/react-query";

/**
 * Let queries be read again. One that is being read for the first time is read once more afterwards: its answer may
 * have been made before what happened now.
 */
export function reread(queries: QueryClient, which: InvalidateQueryFilters = {}): void {
  const first = queries
    .getQueryCache()
    .findAll({ ...which, fetchStatus: "fetching" })
    .filter((query) => query.state.data === undefined);
  void queries.invalidateQueries(which);
  for (const query of first) void afterwards(queries, query);
}

async function afterwards(queries: QueryClient, query: Query): Promise<void> {
  await query.promise?.catch(() => undefined);
  // The promise tells of the answer just before it is kept.
  await new Promise((kept) => setTimeout(kept));
  if (query.state.data !== undefined)
    await queries.invalidateQueries({ queryKey: query.queryKey, exact: true });
}
