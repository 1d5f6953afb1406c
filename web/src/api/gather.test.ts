import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { GATHER, Gathering, LONGEST } from "./gather.ts";
import type { News } from "./news.ts";

const news = (position: number): News => ({
  position,
  types: {},
  questions: [`q${position}`],
  subjects: [],
  now: "2015-01-01T00:00:00Z",
});

describe("gathering", () => {
  let told: News[];
  let gathering: Gathering;
  beforeEach(() => {
    vi.useFakeTimers();
    told = [];
    gathering = new Gathering((one) => told.push(one));
  });
  afterEach(() => vi.useRealTimers());

  it("tells a burst once, after a pause", () => {
    for (const position of [1, 2, 3]) gathering.add(news(position));
    vi.advanceTimersByTime(GATHER - 1);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(told.map((one) => one.questions)).toEqual([["q1", "q2", "q3"]]);
  });
  it("tells in time where news never pauses", () => {
    const step = GATHER / 2;
    for (let past = 0; past <= 3 * LONGEST; past += step) {
      gathering.add(news(past));
      vi.advanceTimersByTime(step);
    }
    expect(told.length).toBe(3);
    expect(told[0]?.questions).toContain("q0");
  });
  it("lets go of what waits", () => {
    gathering.add(news(1));
    gathering.drop();
    vi.advanceTimersByTime(LONGEST);
    expect(told).toEqual([]);
  });
});
