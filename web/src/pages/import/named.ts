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
  const place = list.indexOf(name);
  return place < 0 ? -1 : listed + 2 + list.slice(0, place).join(", ").length + (place > 0 ? 2 : 0);
}

export type Piece = { at: number; piece: string; name: boolean };

/** A sentence cut where it names columns, so that each name can lead to its column; their quotes are left out. */
export function pieces(text: string, columns: readonly string[]): Piece[] {
  const found: Piece[] = [];
  let written = 0;
  for (const name of columnsNamed(text, columns)) {
    const at = placeOf(text, name);
    if (at < written) continue;
    const quote = text[at] === "'" && text.startsWith(`'${name}'`, at) ? 1 : 0;
    if (at > written) found.push({ at: written, piece: text.slice(written, at), name: false });
    found.push({ at, piece: name, name: true });
    written = at + name.length + 2 * quote;
  }
  return [...found, { at: written, piece: text.slice(written), name: false }];
}

/** A reason as the app tells it: without the options of the command line, which has buttons for them here. */
export function withoutOptions(reason: string): string {
  return reason.replace(/ (?:with|or|by) --[a-z-]+/g, "");
}

/** Whether a row waits because it says something else than another: then it may stand in that one's place. */
export function contradicts(reason: string): boolean {
  return /says something else|--overwrite/.test(reason);
}
