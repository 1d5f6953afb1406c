/** Which run or experiment is open, as it stands in the address. */
export type PlaybooksSearch = { run?: string; experiment?: string };

/** Read the address; what is not understood is left out. */
export function readPlaybooksSearch({ run, experiment }: Record<string, unknown>): PlaybooksSearch {
  if (typeof run === "string" && /^run_[0-9a-f]{32}$/.test(run)) return { run };
  return typeof experiment === "string" && /^exp_[0-9a-f]{32}$/.test(experiment) ? { experiment } : {};
}
