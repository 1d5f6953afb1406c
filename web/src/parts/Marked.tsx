import { Code } from "@mantine/core";
import { Fragment } from "react";

/** A text whose `words between backticks` are commands or names. */
export function Marked({ text }: { text: string }) {
  return text.split(/`([^`]+)`/).map((part, place) => {
    const key = `${place}-${part}`;
    return place % 2 ? <Code key={key}>{part}</Code> : <Fragment key={key}>{part}</Fragment>;
  });
}
