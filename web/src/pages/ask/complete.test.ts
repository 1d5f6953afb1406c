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
    expect(next("predict ")).toEqual(["absent", "happens", "count", "total", "next", "value"]);
    expect(next("predict happens line.delivered ")).toEqual(["where", "by", "within"]);
    expect(next("predict count line.delivered ")).toEqual(["where", "within"]);
    expect(next(`${LINE} `)).toEqual(["unless", "grace", "worth", "together"]);
    expect(next(`${LINE} grace 7 days `)).toEqual(["unless", "worth", "together"]);
  });

  it("offers what is declared and allowed there", () => {
    expect(next("predict absent ")).toEqual(["line.delivered", "ticket.closed"]);
    expect(next("predict absent ticket.closed until ")).toEqual(["due"]);
    expect(next("predict absent line.delivered until promised_on for ")).toEqual(["line", "vendor"]);
    expect(next(`${LINE} worth `)).toEqual(["total", "value"]);
    expect(next("predict total ")).toEqual(["line.delivered.value"]);
    expect(next("predict absent line.delivered where ")).toEqual(["promised_on", "value", "mode"]);
    expect(next("predict value mode is Air for line ")).toEqual([
      "where",
      "before",
      "at",
      "every",
      "active",
      "once",
    ]);
    expect(next(`${LINE} together `)).toEqual(["vendor"]);
  });

  it("offers only words that the server names", () => {
    const old = { ...catalog, words: ["predict", "absent", "happens", "until"] };
    expect(complete("predict ", 8, old).options.map((one) => one.text)).toEqual(["absent", "happens"]);
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

const WHOLE = [
  "predict absent order.placed within 90 days for customer active 180 days worth total order.placed.amount past 365 days",
  'predict happens line.delivered where mode is "Air Charter" and weight above 3.5 within 2 weeks for line at line.sent',
  "predict count order.placed within 90 days for customer where tier is not gold every 30 days active order.placed 180 days",
  "predict total order.placed.amount within 90 days for customer every 30 days unless customer.left grace 7 days",
  "predict next order.placed within 90 days for customer every 30 days",
  "predict value churned is true for customer once worth total",
  "predict value price by due_on for offer before due_on 12 hours together seller",
];

describe("walk", () => {
  it.each(WHOLE)("knows every form of a whole line: %s", (line) => {
    expect(isComplete(line)).toBe(true);
    expect(walk(line).words.every((word) => word.slot !== null)).toBe(true);
  });

  it("knows a whole line, an unfinished and a broken one", () => {
    expect(isComplete(LINE)).toBe(true);
    expect(isComplete("predict absent line.delivered")).toBe(false);
    expect(isBroken("predict absent line.delivered")).toBe(false);
    expect(isBroken("predict absent line.delivered by promised_on")).toBe(true);
    expect(walk("predict maybe").words[1]?.slot).toBeNull();
  });
});
