/** A key, and ever shorter beginnings of it. */
export function attempts(key: string): string[] {
  const lengths = [1, 0.75, 0.5, 0.3].map((part) => Math.ceil(key.length * part));
  return [...new Set(lengths)].map((length) => key.slice(0, length).trim()).filter(Boolean);
}
