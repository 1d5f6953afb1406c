import { text } from "../../app/address.ts";

/** Where one is in importing, kept in the address so that a reload or a link leads back there. */
export type ImportSearch = {
  /** A file that was sent and is being looked at. */
  file?: string;
  name?: string;
  /** The import, replay or undo being watched. */
  job?: string;
  view?: "quarantine";
  source?: string;
};

export function readImportSearch(search: Record<string, unknown>): ImportSearch {
  const found: ImportSearch = {};
  for (const name of ["file", "name", "job", "source"] as const) {
    const value = text(search[name]);
    if (value !== undefined) found[name] = value;
  }
  return search.view === "quarantine" ? { ...found, view: "quarantine" } : found;
}
