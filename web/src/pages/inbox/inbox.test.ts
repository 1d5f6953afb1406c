import { describe, expect, it } from "vitest";
import { hasEnded, readInboxSearch } from "./search.ts";
import { choosable, daysLater, isInTime } from "./snooze.ts";

describe("the address", () => {
  it("is read into what differs from the usual", () => {
    const item = `ask_${"9f".repeat(16)}`;
    expect(readInboxSearch({ state: "snoozed", mine: "1", item })).toEqual({
      state: "snoozed",
      mine: "1",
      item,
    });
    expect(readInboxSearch({ state: "open", mine: "", item: "line/1" })).toEqual({});
  });
  it("knows what is over", () => {
    expect(["open", "snoozed", "expired", "overtaken"].map((one) => hasEnded(one as "open"))).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });
});

describe("putting off", () => {
  const [now, due] = ["2015-01-01T00:00:00Z", "2015-01-08T00:00:00Z"];
  it("counts days from now", () => {
    expect(daysLater(now, 3)).toBe("2015-01-04T00:00:00.000Z");
  });
  it("ends before an answer is due", () => {
    expect(isInTime("2015-01-07T23:59:59Z", now, due)).toBe(true);
    expect(isInTime(due, now, due)).toBe(false);
    expect(isInTime(now, now, due)).toBe(false);
  });
  it("offers the days that are left", () => {
    expect(choosable(now, due)).toEqual({ min: "2015-01-02", max: "2015-01-07" });
    expect(choosable("2015-01-07T12:00:00Z", due)).toBeNull();
  });
});
