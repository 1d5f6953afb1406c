/** The one-time code in an address' fragment (`#code=…`), if there is one. */
export function codeIn(fragment: string): string | null {
  return new URLSearchParams(fragment.replace(/^#/, "")).get("code") || null;
}

/** Take the code out of the address, so that it stays in no history and no bookmark. */
export function takeCode(): string | null {
  const code = codeIn(window.location.hash);
  if (code !== null)
    window.history.replaceState(window.history.state, "", window.location.pathname + window.location.search);
  return code;
}

/** Where to go on after signing in: a path of our own, never an address elsewhere. */
export function safePath(to: string | undefined): string {
  return to?.startsWith("/") && !to.startsWith("//") && !to.startsWith("/\\") ? to : "/";
}
