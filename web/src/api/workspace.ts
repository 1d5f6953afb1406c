/** The workspace this browser looks at; null is the server's own. Kept over reloads. */
const KEPT = "sightline.workspace";

export function workspace(): string | null {
  return localStorage.getItem(KEPT);
}

export function setWorkspace(name: string | null): void {
  if (name === null) localStorage.removeItem(KEPT);
  else localStorage.setItem(KEPT, name);
}
