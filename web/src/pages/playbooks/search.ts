/** Which run is open, as it stands in the address. */
export type PlaybooksSearch = { run?: string };

/** Read the address; what is not understood is left out. */
export function readPlaybooksSearch({ run }: Record<string, unknown>): PlaybooksSearch {
  return typeof run === "string" && /^run_[0-9a-f]{32}$/.test(run) ? { run } : {};
}
