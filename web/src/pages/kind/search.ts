import { text } from "../../app/address.ts";

export type KindSearch = { q?: string; linked_to?: string };

/** What narrows a list of things, from the address. */
export function readKindSearch(search: Record<string, unknown>): KindSearch {
  const [q, linked_to] = [text(search.q), text(search.linked_to)];
  return { ...(q === undefined ? {} : { q }), ...(linked_to === undefined ? {} : { linked_to }) };
}
