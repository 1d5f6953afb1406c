import type { Me } from "./shapes.ts";
import { Store } from "./store.ts";

/** The workspace this browser looks at; null is the server's own. Kept over reloads. */
const KEPT = "sightline.workspace";

/** What the server's own is called: where whoever signed in last, naming none, began. */
const OWN = "sightline.workspace.own";

/** Names it in a link from outside. */
const NAMED = "workspace";

/** What a workspace can be called, as the server has it. */
const NAME = /^[a-z][a-z0-9_-]{0,62}$/;

/** The page of links from a chat, which name an item of it. */
const PAGE = "/inbox";
const ITEM = "item";

/** The workspace that a link named and that turned out not to be open to whoever followed it. */
export const shut = new Store<string | null>(null);

export function workspace(): string | null {
  return sessionStorage.getItem(KEPT) ?? localStorage.getItem(KEPT);
}

export function setWorkspace(name: string | null): void {
  sessionStorage.removeItem(KEPT);
  if (name === null) localStorage.removeItem(KEPT);
  else localStorage.setItem(KEPT, name);
}

/** A link from a chat leads to the workspace it names, in this tab alone: what others look at stays where it is. */
export function followLink(): void {
  const { pathname, search, hash } = window.location;
  const { [NAMED]: name, ...rest } = Object.fromEntries(new URLSearchParams(search));
  if (pathname !== PAGE || !(ITEM in rest) || name === undefined || !NAME.test(name)) return;
  sessionStorage.setItem(KEPT, name);
  window.history.replaceState(null, "", `${pathname}?${new URLSearchParams(rest)}${hash}`);
}

/** Go back to the usual workspace from the one that a link named, where it is not open. False: none was named. */
export function turnBack(): boolean {
  const name = sessionStorage.getItem(KEPT);
  if (name === null) return false;
  sessionStorage.removeItem(KEPT);
  shut.set(name);
  return true;
}

/** What the usual workspace is called; null where nobody knows. */
function usual(): string | null {
  return localStorage.getItem(KEPT) ?? localStorage.getItem(OWN);
}

/** Do something in the usual workspace; null where no link named another. */
export async function asUsual<T>(work: () => Promise<T>): Promise<T | null> {
  const name = sessionStorage.getItem(KEPT);
  if (name === null || name === usual()) return null;
  sessionStorage.removeItem(KEPT);
  try {
    return await work();
  } finally {
    sessionStorage.setItem(KEPT, name);
  }
}

/** After signing in: go on where a link led, unless that is not open. False: what was found is of another workspace. */
export function begunIn(found: Pick<Me, "workspace" | "workspaces">): boolean {
  const named = sessionStorage.getItem(KEPT);
  if (named === null) {
    if (localStorage.getItem(KEPT) === null) localStorage.setItem(OWN, found.workspace);
    return true;
  }
  if (!found.workspaces.some((one) => one.name === named)) return turnBack() && usual() === found.workspace;
  return named === found.workspace;
}
