import type { ReactNode } from "react";
import { useTexts } from "../texts/Texts.tsx";

/** The server speaks English, and so do the questions that packs bring. */
const THEIRS = "en";

/**
 * The language of the server's words, where the app speaks another one: readers of the screen then pronounce them right.
 * With a question's name: of the words it declares; those of one's own questions are in one's own language.
 */
export function useForeign(): (question?: string) => string | undefined {
  const { language } = useTexts();
  return (question) => (language === THEIRS || question?.startsWith("own.") ? undefined : THEIRS);
}

type ForeignProps = {
  /** The question that declares the words; none for sentences of the server itself. */
  of?: string | undefined;
  children: ReactNode;
};

/** Words that the server wrote, marked with their language. */
export function Foreign({ of, children }: ForeignProps) {
  const lang = useForeign()(of);
  return lang === undefined || !children ? children : <span lang={lang}>{children}</span>;
}

const PLACE = "\u0001";

type AroundProps = { of?: string | undefined; word: string; sentence: (word: string) => string };

/** A sentence of the app around a word of a question. */
export function Around({ of, word, sentence }: AroundProps) {
  const [before, ...after] = sentence(PLACE).split(PLACE);
  return (
    <>
      {before}
      {after.length > 0 && <Foreign of={of}>{word}</Foreign>}
      {after.join(word)}
    </>
  );
}
