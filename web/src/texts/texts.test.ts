import { describe, expect, it } from "vitest";
import { fill, languageOf, localeOf } from "./catalogue.ts";
import { de } from "./de.ts";
import { en } from "./en.ts";
import { daysBetween, Format } from "./format.ts";
import type { Text } from "./types.ts";

const names = (text: Text): string[] =>
  [
    ...new Set((typeof text === "string" ? text : `${text.one} ${text.other}`).match(/\{\w+\}/g) ?? []),
  ].sort();

describe("the catalogues", () => {
  it.each(Object.keys(en) as (keyof typeof en)[])("%s has the same blanks in both languages", (key) => {
    expect(names(de[key])).toEqual(names(en[key]));
  });
});

describe("a text", () => {
  const english = new Format("en-GB");
  it("has its blanks filled, numbers in the manner of the locale", () => {
    expect(fill("{name}: {count}", { name: "a", count: 1234 }, english.plural, english.plain)).toBe(
      "a: 1,234",
    );
  });
  it("takes the form that the number asks for", () => {
    const days = { one: "{count} day", other: "{count} days" };
    expect(fill(days, { count: 1 }, english.plural, english.plain)).toBe("1 day");
    expect(fill(days, { count: 0 }, english.plural, english.plain)).toBe("0 days");
  });
  it("leaves a blank that nobody fills", () => {
    expect(fill("{who}", {}, english.plural, english.plain)).toBe("{who}");
  });
});

describe("the language", () => {
  it("is the chosen one, else the browser's, else English", () => {
    expect(languageOf("de", ["en-US"])).toBe("de");
    expect(languageOf(null, ["fr", "de-AT", "en"])).toBe("de");
    expect(languageOf("xx", ["fr"])).toBe("en");
  });
  it("keeps the browser's variant", () => {
    expect(localeOf("de", ["en-US", "de-AT"])).toBe("de-AT");
    expect(localeOf("en", ["de"])).toBe("en-GB");
  });
});

describe("formats", () => {
  it("writes money in its currency, or before its word", () => {
    expect(new Format("en-US").money(1234567.8, "USD")).toBe("$1,234,568");
    expect(new Format("de-DE").money(1200, "Stück")).toBe("1.200 Stück");
    expect(new Format("en-US").roundMoney(1_234_567, null)).toBe("1.2M");
  });
  it("counts days by the calendar of UTC", () => {
    expect(daysBetween("2015-01-01T00:00:00Z", "2015-01-13T23:59:59Z")).toBe(12);
    expect(daysBetween("2015-01-01T23:00:00Z", "2015-01-02T01:00:00Z")).toBe(1);
    expect(daysBetween("2015-01-02T00:00:00Z", "2015-01-01T23:59:59Z")).toBe(-1);
  });
});
