import { describe, expect, it } from "vitest";
import { asked, narrowed, readFilter } from "./filter.ts";

describe("the address", () => {
  it("is read into what differs from the usual", () => {
    expect(readFilter({ view: "forecasts", rank: "money", group: "", q: "" })).toEqual({});
    expect(readFilter({ view: "aside", verb: "ask", rank: "day", q: 4712 })).toEqual({
      view: "aside",
      verb: "ask",
      rank: "day",
      q: "4712",
    });
  });
  it("may be old or mistyped without harm", () => {
    expect(readFilter({ view: "map", verb: "sell", rank: ["money"], question: {} })).toEqual({});
  });
});

describe("the filter", () => {
  it("asks for what it names, and for rows that are not set aside", () => {
    expect(asked({})).toEqual({ rank: "money", aside: "false" });
    expect(asked({ view: "aside", verb: "hold", q: "x" })).toEqual({
      rank: "money",
      aside: "true",
      verb: "hold",
      q: "x",
    });
  });
  it("asks for words without the blanks around them, and for none where there are only blanks", () => {
    expect(asked({ q: "  4 7 " }).q).toBe("4 7");
    expect(asked({ q: "  " })).not.toHaveProperty("q");
  });
  it("knows whether it narrows anything", () => {
    expect(narrowed({ rank: "day", group: "decision" })).toBe(false);
    expect(narrowed({ q: "x" })).toBe(true);
  });
});
