import type { AskState } from "../../api/shapes.ts";

/** States in which an answer was given, or is not wanted any more. */
export const ENDED = ["approved", "rejected", "expired", "overtaken"] as const;
const STATES = ["snoozed", ...ENDED] as const;

/** What the inbox shows, as it stands in the address. A member that is absent has its usual value. */
export type InboxSearch = { state?: (typeof STATES)[number]; mine?: "1"; item?: string };

/** Read the address; what is not understood is left out. */
export function readInboxSearch(search: Record<string, unknown>): InboxSearch {
  const state = STATES.find((one) => one === search.state);
  return {
    ...(state && { state }),
    ...(search.mine === "1" && { mine: "1" }),
    ...(typeof search.item === "string" && /^ask_[0-9a-f]{32}$/.test(search.item) && { item: search.item }),
  };
}

export const hasEnded = (state: AskState): boolean => ENDED.some((one) => one === state);
