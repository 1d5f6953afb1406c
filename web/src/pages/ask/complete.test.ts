import { describe, expect, it } from "vitest";
import type { Catalog } from "../../api/shapes.ts";
import { accepted, complete, isBroken, isComplete, walk } from "./complete.ts";

const attribute = (name: string, sort: string) => ({ name, label: "", sort, unit: null, personal: false });
const catalog: Catalog = {
  kinds: [
    {
      name: "line",
      label: "",
      person: false,
      attributes: [
        attribute("promised_on", "day"),
        attribute("value", "number"),
        attribute("mode", "category"),
      ],
      links: [{ name: "vendor", label: "", to: "vendor" }],
    },
    { name: "ticket", label: "", person: false, attributes: [attribute("due", "instant")], links: [] },
    { name: "vendor", label: "", person: false, attributes: [], links: [] },
  ],
  events: [
    { name: "line.described", label: "", of: "line" },
    { name: "line.delivered", label: "", of: "line" },
    { name: "ticket.closed", label: "", of: "ticket" },
  ],
  forms: [],
  words: [],
};
const LINE = "predict absent line.delivered until promised_on for line before promised_on 30 days";
const next = (line: string) => complete(line, line.length, catalog).options.map((one) => one.text);

describe("complete", () => {
  it("offers the words of the grammar in their places", () => {
    expect(next("")).toEqual(["predict"]);
    expect(next("predict ")).toEqual(["absent", "happens"]);
    expect(next("predict happens line.delivered ")).toEqual(["by"]);
    expect(next(`${LINE} `)).toEqual(["grace", "worth", "together"]);
    expect(next(`${LINE} grace 7 days `)).toEqual(["worth", "together"]);
  });

  it("offers what is declared and allowed there", () => {
    expect(next("predict absent ")).toEqual(["line.delivered", "ticket.closed"]);
    expect(next("predict absent ticket.closed until ")).toEqual(["due"]);
    expect(next("predict absent line.delivered until promised_on for ")).toEqual(["line"]);
    expect(next(`${LINE} worth `)).toEqual(["value"]);
    expect(next(`${LINE} together `)).toEqual(["vendor"]);
  });

  it("narrows by what is being written, beginnings first", () => {
    expect(next("predict absent clo")).toEqual(["ticket.closed"]);
    expect(next("predict absent li")).toEqual(["line.delivered"]);
    expect(next("predict absent line.delivered")).toEqual([]);
  });

  it("heeds the kind that stands behind the caret", () => {
    const line = "predict absent x until promised_on for line before promised_on 30 days";
    expect(complete(line, 15, catalog).options.map((one) => one.text)).toEqual(["line.delivered"]);
  });

  it("replaces the word it stands in", () => {
    const line = "predict absent tick until due";
    const completion = complete(line, 17, catalog);
    expect(accepted(line, completion, "ticket.closed")).toEqual({
      line: "predict absent ticket.closed until due",
      caret: 29,
    });
  });
});

describe("walk", () => {
  it("knows a whole line, an unfinished and a broken one", () => {
    expect(isComplete(LINE)).toBe(true);
    expect(isComplete("predict absent line.delivered")).toBe(false);
    expect(isBroken("predict absent line.delivered")).toBe(false);
    expect(isBroken("predict absent line.delivered by promised_on")).toBe(true);
    expect(walk("predict maybe").words[1]?.slot).toBeNull();
  });
});
