import { describe, expect, it } from "vitest";
import { echoed } from "./ahead.ts";

describe("what the address takes on", () => {
  it("is an echo when we told it, and what we told after that is still to come", () => {
    expect(echoed(["23", "230"], "23")).toEqual(["230"]);
    expect(echoed(["230"], "230")).toEqual([]);
  });
  it("may skip what we told in quick succession", () => {
    expect(echoed(["2", "23", "230"], "230")).toEqual([]);
  });
  it("comes from elsewhere when we told nothing of the kind", () => {
    expect(echoed(["23"], "17")).toBeUndefined();
    expect(echoed([], "23")).toBeUndefined();
  });
  it("is the last of what was told twice", () => {
    expect(echoed(["a", "b", "a"], "a")).toEqual([]);
  });
});
