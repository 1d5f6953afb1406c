import { Link } from "@tanstack/react-router";
import { ArrowRight } from "lucide-react";
import { useRowKeys } from "../../parts/DataTable.tsx";
import type { Key } from "../../texts/catalogue.ts";
import { type Texts, useTexts } from "../../texts/Texts.tsx";
import classes from "./ask.module.css";
import { Coloured } from "./Coloured.tsx";
import { type Slot, walk } from "./complete.ts";

/** Lines to start from; each leads to where it can be asked. */
export function SuggestedLines({ lines }: { lines: readonly string[] }) {
  const { t } = useTexts();
  useRowKeys();
  if (lines.length === 0) return null;
  return (
    <ul className={classes.suggested}>
      {lines.map((line) => (
        <li key={line}>
          <Link to="/ask" search={{ line }} className={classes.suggestion} data-row={line}>
            <span>
              <strong>{inWords(line, t)}</strong>
              <Coloured line={line} />
            </span>
            <ArrowRight size={14} aria-hidden />
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** A line as a question a person would ask: "Will “finished” not happen by promised on?" */
function inWords(line: string, t: Texts["t"]): string {
  const { words, said } = walk(line);
  const by = (slot: Slot) => words.find((word) => word.slot === slot)?.text ?? "";
  const event = by("amount") || by("event") || by("attribute");
  const own = event.startsWith(`${said.kind}.`) ? event.slice((said.kind?.length ?? 0) + 1) : event;
  return t(formOf(words[1]?.text ?? "", by("deadline"), by("class")), {
    event: plain(own),
    kind: plain(said.kind ?? ""),
    deadline: plain(by("deadline")),
    class: by("class"),
    span: `${by("count")} ${by("unit")}`,
  });
}

/** How a line of that answer is put as a question. */
function formOf(answer: string, deadline: string, class_: string): Key {
  if (answer === "value") return class_ ? "ask.inwords.class" : "ask.inwords.value";
  if (answer === "count" || answer === "total" || answer === "next") return `ask.inwords.${answer}`;
  const form = answer === "happens" ? "ask.inwords.happens" : "ask.inwords.absent";
  return deadline ? form : `${form}.within`;
}

const plain = (name: string) => name.replaceAll("_", " ");
