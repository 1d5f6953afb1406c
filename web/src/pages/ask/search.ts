import { text } from "../../app/address.ts";

/** A line to begin with, and the training being watched. */
export type AskSearch = { line?: string; job?: string };

export function readAskSearch(search: Record<string, unknown>): AskSearch {
  const line = text(search.line);
  const job = text(search.job);
  return { ...(line === undefined ? {} : { line }), ...(job === undefined ? {} : { job }) };
}
