const ROW = "[data-row]";

/** The row that holds the focus, if one does. */
export function focusedRow(): HTMLElement | null {
  return document.activeElement?.closest<HTMLElement>(ROW) ?? null;
}

/** Move the focus by so many rows over all lists of the page, in the order one sees them. */
export function moveRow(by: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>(ROW)];
  if (rows.length === 0) return;
  const chosen = focusedRow() ?? document.querySelector<HTMLElement>(`${ROW}[data-current]`);
  const at = chosen === null ? -1 : rows.indexOf(chosen);
  const next = chosen !== null && focusedRow() === null ? at : at + by;
  const row = rows[Math.min(Math.max(next, 0), rows.length - 1)];
  row?.focus({ preventScroll: true });
  row?.scrollIntoView({ block: "nearest" });
}
