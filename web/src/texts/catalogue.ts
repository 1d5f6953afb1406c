import type { en } from "./en.ts";
import type { Plural, Text } from "./types.ts";

export type Key = keyof typeof en;
export type Values = Readonly<Record<string, string | number>>;
export type Language = "en" | "de";
export const LANGUAGES: readonly Language[] = ["en", "de"];

const isPlural = (text: Text): text is Plural => typeof text !== "string";

/** A text with its {names} filled in; of a plural the form that `count` asks for. */
export function fill(
  text: Text,
  values: Values,
  plural: Intl.PluralRules,
  number: Intl.NumberFormat,
): string {
  const count = Number(values.count ?? 0);
  const chosen = isPlural(text) ? (plural.select(count) === "one" ? text.one : text.other) : text;
  return chosen.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? number.format(value) : value;
  });
}

/** The language to speak: the chosen one, else the first of the browser's that we know, else English. */
export function languageOf(chosen: string | null, wanted: readonly string[]): Language {
  const known = [chosen ?? "", ...wanted].map((tag) => tag.slice(0, 2).toLowerCase());
  return LANGUAGES.find((one) => one === known.find((tag) => LANGUAGES.some((each) => each === tag))) ?? "en";
}

/** The browser's own variant of the language (en-US), so that days and money look as its user expects. */
export function localeOf(language: Language, wanted: readonly string[]): string {
  return (
    wanted.find((tag) => tag.toLowerCase().startsWith(`${language}-`)) ??
    (language === "en" ? "en-GB" : "de-DE")
  );
}
