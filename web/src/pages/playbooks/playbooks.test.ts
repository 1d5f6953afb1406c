import { describe, expect, it } from "vitest";
import { rehearsedOf } from "../../api/results.ts";
import type { Job, Stepped } from "../../api/shapes.ts";
import { offers } from "./again.ts";
import { claim, progress } from "./figures.ts";
import { toldOf } from "./habits.ts";
import { readPlaybooksSearch } from "./search.ts";

describe("the address", () => {
  it("names a run or nothing", () => {
    const run = `run_${"9f".repeat(16)}`;
    expect(readPlaybooksSearch({ run })).toEqual({ run });
    expect(readPlaybooksSearch({ run: "line/1" })).toEqual({});
    const experiment = `exp_${"9f".repeat(16)}`;
    expect(readPlaybooksSearch({ experiment })).toEqual({ experiment });
  });
});

describe("a step", () => {
  const step = (number: number, name: string): Stepped => ({
    number,
    step: name,
    what: "waits",
    at: "2015-01-01T00:00:00Z",
    detail: "",
  });
  const steps = [step(1, "act"), step(2, "a week"), step(3, "a week"), step(4, "once more")];
  const offered = (state: "running" | "stuck") =>
    steps.filter((one) => offers({ steps, state }, one)).map((one) => one.number);
  it("is offered again once, where it was left last; what was decided is not", () => {
    expect(offered("running")).toEqual([3, 4]);
  });
  it("is offered from the first on where not even that could be done", () => {
    expect(offered("stuck")).toEqual([1, 3, 4]);
  });
});

describe("what came of a rehearsal", () => {
  it("is nothing where the job tells no such thing", () => {
    expect(rehearsedOf({ what: "rehearse", result: null } as Job)).toBeNull();
    expect(rehearsedOf({ what: "rehearse", result: { headline: "x" } } as unknown as Job)).toBeNull();
    expect(rehearsedOf({ what: "train", result: { headline: "x" } } as unknown as Job)).toBeNull();
  });
});

describe("what was learned of hours and channels", () => {
  it("is told once enough has an outcome, and one is better beyond doubt", () => {
    expect(toldOf({ seen: 49, needed: 50, best: null })).toBe("little");
    expect(toldOf({ seen: 50, needed: 50, best: null })).toBe("none");
    expect(toldOf({ seen: 50, needed: 50, best: "09:00" })).toBe("best");
  });
});

describe("an effect", () => {
  it("is claimed only where its interval is clear of zero", () => {
    expect(claim(null)).toBe("none");
    expect(claim({ low: -0.01, high: 0.2 })).toBe("open");
    expect(claim({ low: 0.01, high: 0.2 })).toBe("better");
    expect(claim({ low: -0.2, high: -0.01 })).toBe("worse");
  });
  it("is as far as what was planned, and no further", () => {
    expect(progress(50, 200)).toBe(0.25);
    expect(progress(500, 200)).toBe(1);
    expect(progress(5, null)).toBeNull();
  });
});
