/** The columns that a sentence of the server names in quotes, in the order it does; those of a list at its end too. */
export function columnsNamed(text: string, columns: readonly string[]): string[] {
  const places = columns.map((name) => ({ name, at: placeOf(text, name) })).filter(({ at }) => at >= 0);
  return places.sort((one, other) => one.at - other.at).map(({ name }) => name);
}

function placeOf(text: string, name: string): number {
  const quoted = text.indexOf(`'${name}'`);
  if (quoted >= 0) return quoted;
  const listed = text.lastIndexOf(": ");
  const list =
    listed < 0
      ? []
      : text
          .slice(listed + 2)
          .replace(/\.$/, "")
          .split(", ");
  return list.includes(name) ? listed + 2 + list.indexOf(name) : -1;
}

/** A reason as the app tells it: without the options of the command line, which has buttons for them here. */
export function withoutOptions(reason: string): string {
  return reason.replace(/ (?:with|or|by) --[a-z-]+/g, "");
}

/** Whether a row waits because it says something else than another: then it may stand in that one's place. */
export function contradicts(reason: string): boolean {
  return /says something else|--overwrite/.test(reason);
}
