/** The workspace this browser looks at; null is the server's own. Kept over reloads. */
const KEPT = "sightline.workspace";

/** Names it in a link from outside. */
const NAMED = "workspace";

export function workspace(): string | null {
  return sessionStorage.getItem(KEPT) ?? localStorage.getItem(KEPT);
}

export function setWorkspace(name: string | null): void {
  sessionStorage.removeItem(KEPT);
  if (name === null) localStorage.removeItem(KEPT);
  else localStorage.setItem(KEPT, name);
}

/** A link leads to the workspace it names, in this tab alone: what others look at stays where it is. */
export function followLink(): void {
  const { pathname, search, hash } = window.location;
  const { [NAMED]: name, ...rest } = Object.fromEntries(new URLSearchParams(search));
  if (name === undefined) return;
  sessionStorage.setItem(KEPT, name);
  const left = new URLSearchParams(rest).toString();
  window.history.replaceState(null, "", `${pathname}${left && `?${left}`}${hash}`);
}
