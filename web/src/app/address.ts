/** A member of the address as text; undefined where it is absent, empty, or no text. */
export const text = (value: unknown): string | undefined =>
  typeof value === "string" || typeof value === "number" ? String(value) || undefined : undefined;
