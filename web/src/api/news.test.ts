import { describe, expect, it } from "vitest";
import { wait } from "./backoff.ts";
import { merged, type News, touched } from "./news.ts";
import { problemOf } from "./problem.ts";

const news = (more: Partial<News> = {}): News => ({
  position: 1,
  types: {},
  questions: [],
  subjects: [],
  now: "2015-01-01T00:00:00Z",
  ...more,
});

describe("news", () => {
  it("touches what it names, and what any fact may change", () => {
    expect(touched(["population", "q"], news({ questions: ["q"] }))).toBe(true);
    expect(touched(["population", "q"], news())).toBe(false);
    expect(touched(["entity", "line/1"], news({ subjects: ["line/1"] }))).toBe(true);
    expect(touched(["entity", "line/2"], news({ subjects: ["line/1"] }))).toBe(false);
    expect(touched(["decisions", "line/1"], news({ subjects: ["line/1"] }))).toBe(true);
    expect(touched(["findings"], news())).toBe(true);
    expect(touched(["inbox", "open"], news())).toBe(true);
    expect(touched(["search", "x"], news())).toBe(false);
  });
  it("touches every thing when it names as many as it can", () => {
    const full = news({ subjects: Array.from({ length: 50 }, (_, n) => `line/${n}`) });
    expect(touched(["entity", "line/999"], full)).toBe(true);
  });
  it("is gathered without losing a name", () => {
    const both = merged(
      news({ questions: ["a"], subjects: ["x/1"] }),
      news({ position: 2, questions: ["b", "a"] }),
    );
    expect(both.position).toBe(2);
    expect(both.questions).toEqual(["a", "b"]);
    expect(both.subjects).toEqual(["x/1"]);
  });
});

describe("reconnecting", () => {
  it("waits longer each time, up to half a minute", () => {
    expect(wait(0, 1)).toBe(1_000);
    expect(wait(3, 1)).toBe(8_000);
    expect(wait(20, 1)).toBe(30_000);
    expect(wait(0, 0)).toBe(500);
  });
});

describe("a problem", () => {
  it("keeps code, detail, hint and what else it tells", () => {
    const found = problemOf(400, { code: "unparsable", detail: "At 'foo'.", hint: "Write bar.", at: 3 });
    expect([found.code, found.detail, found.hint, found.more.at]).toEqual([
      "unparsable",
      "At 'foo'.",
      "Write bar.",
      3,
    ]);
  });
  it("is one even where the body is none", () => {
    expect(problemOf(502, "<html>").code).toBe("unreadable");
  });
});
