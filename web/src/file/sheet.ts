import type { ProofDocument } from "../api/shapes.ts";

/** What the server puts into the file (interfaces/rest/proof_file.py). */
export type Sheet = { proof: ProofDocument; unit: string | null };

/** The proof in the file; null where nobody has put one into it. */
export function readSheet(text: string): Sheet | null {
  const found: unknown = JSON.parse(text);
  return typeof found === "object" && found !== null && "proof" in found ? (found as Sheet) : null;
}
