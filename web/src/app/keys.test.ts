import { describe, expect, it } from "vitest";
import { heard, nameOf } from "./keys.ts";

const press = (key: string, held: Partial<Record<"metaKey" | "ctrlKey" | "altKey", boolean>> = {}) =>
  nameOf({ key, metaKey: false, ctrlKey: false, altKey: false, ...held });

describe("a press", () => {
  it("is named by its key", () => {
    expect(press("j")).toBe("j");
    expect(press("?")).toBe("?");
    expect(press(" ")).toBe("Space");
    expect(press("Enter")).toBe("Enter");
  });
  it("counts command and control as one", () => {
    expect(press("k", { metaKey: true })).toBe("mod+k");
    expect(press("K", { ctrlKey: true })).toBe("mod+k");
  });
});

describe("a pair", () => {
  const [single, pair] = [() => undefined, () => undefined];
  it("is heard as that, also by whoever binds its second key alone", () => {
    expect(heard({ a: single, "g a": pair }, "g", "a")).toBe(pair);
    expect(heard({ a: single }, "g", "a")).toBeUndefined();
    expect(heard({ a: single, "g a": pair }, "j", "a")).toBe(single);
  });
});
