import { describe, expect, it } from "vitest";
import { columnsNamed, contradicts, pieces, withoutOptions } from "./named.ts";

describe("columnsNamed", () => {
  it("finds what stands in quotes or in the list at the end", () => {
    const columns = ["Nr", "Datum", "Kunde", "Kundennummer"];
    expect(columnsNamed("'Datum' holds 'x', which is no date", columns)).toEqual(["Datum"]);
    expect(columnsNamed("Taken for personal data, kept as tokens: Kunde, Nr.", columns)).toEqual([
      "Kunde",
      "Nr",
    ]);
    expect(columnsNamed("Line 4 has 3 cells.", columns)).toEqual([]);
  });
});

describe("pieces", () => {
  it("cuts a sentence where it names columns", () => {
    const cut = (text: string) =>
      pieces(text, ["Nr", "Datum"]).map(({ piece, name }) => (name ? `[${piece}]` : piece));
    expect(cut("'Datum' holds 'x'.")).toEqual(["[Datum]", " holds 'x'."]);
    expect(cut("Kept as tokens: Datum, Nr.")).toEqual(["Kept as tokens: ", "[Datum]", ", ", "[Nr]", "."]);
    expect(cut("Nothing.")).toEqual(["Nothing."]);
  });
});

describe("reasons", () => {
  it("are told without options of the command line", () => {
    const reason = "Its key says something else. Give it another key with --set, or discard it.";
    expect(withoutOptions(reason)).toBe("Its key says something else. Give it another key, or discard it.");
    expect(contradicts(reason)).toBe(true);
    expect(contradicts("'x' is no date")).toBe(false);
  });
});
