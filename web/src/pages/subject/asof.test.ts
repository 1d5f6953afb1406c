import { describe, expect, it } from "vitest";
import { attempts } from "../../api/attempts.ts";
import type { Entity, Occurrence, Outcome } from "../../api/shapes.ts";
import {
  byDay,
  clamp,
  dayNumber,
  dayText,
  decidedBy,
  facts,
  laterFacts,
  madeBy,
  newsDays,
  readAsOf,
  spanOf,
} from "./asof.ts";

const happened = (time: string, known_at = time): Occurrence => ({
  position: 1,
  type: "thing.seen",
  time,
  known_at,
  source: "test",
  id: time,
  data: {},
});

const thing = (first_known: string, ...timeline: Occurrence[]): Entity => ({
  ref: "thing/1",
  as_of: "2015-01-01T00:00:00Z",
  exists_from: first_known,
  attributes: {},
  links: {},
  linked_from: {},
  labels: {},
  units: {},
  first_known,
  last_known: first_known,
  timeline,
});

describe("the day in the address", () => {
  it("is read where it is one", () => {
    expect(readAsOf({ as_of: "2014-06-17" })).toEqual({ as_of: "2014-06-17" });
    expect(readAsOf({ as_of: "2014-06-40" })).toEqual({});
    expect(readAsOf({ as_of: "yesterday" })).toEqual({});
    expect(readAsOf({})).toEqual({});
  });
  it("is a number of days and back", () => {
    expect(dayText(dayNumber("2014-06-17T23:59:59Z"))).toBe("2014-06-17");
  });
});

describe("the span of the slider", () => {
  it("begins when something was known and ends today", () => {
    const span = spanOf(thing("2014-03-24T00:00:00Z"), "2015-01-01T00:00:00Z");
    expect([dayText(span.first), dayText(span.last)]).toEqual(["2014-03-24", "2015-01-01"]);
    expect(clamp(span.first - 5, span)).toBe(span.first);
    expect(clamp(span.last + 5, span)).toBe(span.last);
  });
  it("goes back ten years, or to what is dated, where nothing dates the beginning", () => {
    const undated = thing("1900-01-01T00:00:00Z", happened("1990-02-01T00:00:00Z"));
    expect(dayText(spanOf(undated, "2015-01-01T00:00:00Z").first)).toBe("1990-02-01");
    expect(dayText(spanOf(thing("1900-01-01T00:00:00Z"), "2015-01-01T00:00:00Z").first)).toBe("2005-01-03");
  });
  it("marks each day on which something became known once", () => {
    const one = happened("2014-04-01T00:00:00Z", "2014-04-03T00:00:00Z");
    const made = thing("2014-03-24T00:00:00Z", one, one);
    expect(newsDays(made, spanOf(made, "2015-01-01T00:00:00Z")).map(dayText)).toEqual(["2014-04-03"]);
  });
});

describe("facts as they were known", () => {
  const then = { mode: "Air", value: 3 };
  const now = { mode: "Sea", value: 3, weight: 12 };
  it("stand in the declared order and say what they have become", () => {
    expect(facts(then, now, ["value", "mode"])).toEqual([
      { name: "value", value: 3 },
      { name: "mode", value: "Air", now: "Sea" },
    ]);
  });
  it("tell of one that is gone", () => {
    expect(facts({ gone: true }, {}, [])).toEqual([{ name: "gone", value: true, now: null }]);
  });
  it("count what became known later", () => {
    expect(laterFacts(then, now)).toBe(1);
  });
});

describe("a timeline", () => {
  it("is grouped by the day things happened, the newest first", () => {
    const days = byDay([
      happened("2014-03-24T00:00:00Z"),
      happened("2014-03-24T09:00:00Z"),
      happened("2014-04-01T00:00:00Z"),
    ]);
    expect(days.map((one) => [one.day, one.occurrences.length])).toEqual([
      ["2014-04-01", 1],
      ["2014-03-24", 2],
    ]);
  });
});

describe("predictions as of a day", () => {
  const made = {
    made_at: "2014-06-10T00:00:00Z",
    deadline: "2014-07-01T23:59:59Z",
    outcome: true,
    settled: true,
  };
  it("are gone before they were made", () => {
    expect(madeBy([made], "2014-06-09")).toEqual([]);
  });
  it("do not tell before their deadline what came out", () => {
    expect(madeBy([made], "2014-06-10")).toEqual([{ ...made, outcome: null, settled: false }]);
    expect(madeBy([made], "2014-07-01")).toEqual([made]);
    expect(madeBy([made], undefined)).toEqual([made]);
  });
});

describe("decisions on a day", () => {
  const outcome = { closes_at: "2014-07-01T00:00:00Z" } as Outcome;
  const decided = { at: "2014-06-10T08:00:00Z", outcome };
  it("are those made by then, without what came of them later", () => {
    expect(decidedBy([decided], "2014-06-09")).toEqual([]);
    expect(decidedBy([decided], "2014-06-10")).toEqual([{ ...decided, outcome: null }]);
    expect(decidedBy([decided], "2014-07-01")).toEqual([decided]);
    expect(decidedBy([decided], undefined)).toEqual([decided]);
  });
});

describe("a near miss", () => {
  it("is looked for by ever shorter beginnings", () => {
    expect(attempts("Aurobindo")).toEqual(["Aurobindo", "Aurobin", "Aurob", "Aur"]);
    expect(attempts("x")).toEqual(["x"]);
  });
});
