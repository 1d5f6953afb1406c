import { createContext, type ReactNode, use, useEffect, useMemo, useState } from "react";
import { fill, type Key, type Language, languageOf, localeOf, type Values } from "./catalogue.ts";
import { en } from "./en.ts";
import { Format } from "./format.ts";
import type { Text } from "./types.ts";

const KEPT = "sightline.language";

export type Texts = {
  t: (key: Key, values?: Values) => string;
  format: Format;
  language: Language;
  /** What was chosen; null follows the browser. */
  chosen: string | null;
  choose: (language: Language | null) => void;
};

const Context = createContext<Texts | null>(null);

/** The catalogue of a language; German is fetched when it is spoken. */
async function catalogue(language: Language): Promise<Record<Key, Text>> {
  return language === "de" ? (await import("./de.ts")).de : en;
}

export function TextsProvider({ children }: { children: ReactNode }) {
  const [chosen, setChosen] = useState(() => localStorage.getItem(KEPT));
  const language = languageOf(chosen, navigator.languages);
  const [spoken, setSpoken] = useState<{ language: Language; texts: Record<Key, Text> } | null>(
    language === "en" ? { language, texts: en } : null,
  );
  useEffect(() => {
    let wanted = true;
    void catalogue(language).then((texts) => wanted && setSpoken({ language, texts }));
    document.documentElement.lang = language;
    return () => {
      wanted = false;
    };
  }, [language]);
  const value = useMemo(
    () => (spoken ? made(spoken.language, spoken.texts, chosen, setChosen) : null),
    [spoken, chosen],
  );
  return value && <Context value={value}>{children}</Context>;
}

function made(
  language: Language,
  texts: Record<Key, Text>,
  chosen: string | null,
  setChosen: (value: string | null) => void,
): Texts {
  const format = new Format(localeOf(language, navigator.languages));
  return {
    t: (key, values = {}) => fill(texts[key], values, format.plural, format.plain),
    format,
    language,
    chosen,
    choose: (next) => {
      if (next === null) localStorage.removeItem(KEPT);
      else localStorage.setItem(KEPT, next);
      setChosen(next);
    },
  };
}

export function useTexts(): Texts {
  const texts = use(Context);
  if (texts === null) throw new Error("useTexts needs a TextsProvider above it.");
  return texts;
}
