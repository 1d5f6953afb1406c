import { describe, expect, it } from "vitest";
import { echoed, type Told } from "./ahead.ts";

const told = (...values: string[]) => values.map((value, at) => ({ value, at }));
const left = (before: readonly Told<string>[], arrived: string, now = 100) =>
  echoed(before, arrived, now)?.map((one) => one.value);

describe("what the address takes on", () => {
  it("is an echo when we told it, and what we told after that is still to come", () => {
    expect(left(told("23", "230"), "23")).toEqual(["230"]);
    expect(left(told("230"), "230")).toEqual([]);
  });
  it("may skip what we told in quick succession", () => {
    expect(left(told("2", "23", "230"), "230")).toEqual([]);
  });
  it("comes from elsewhere when we told nothing of the kind", () => {
    expect(left(told("23"), "17")).toBeUndefined();
    expect(left([], "23")).toBeUndefined();
  });
  it("is the last of what was told twice", () => {
    expect(left(told("a", "b", "a"), "a")).toEqual([]);
  });
  it("comes from elsewhere when we told it so long ago that it never arrived", () => {
    expect(left(told("23", "230"), "23", 10_000)).toBeUndefined();
  });
});
