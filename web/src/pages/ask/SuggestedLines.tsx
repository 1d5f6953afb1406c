import { Link } from "@tanstack/react-router";
import { ArrowRight } from "lucide-react";
import { useRowKeys } from "../../parts/DataTable.tsx";
import { type Texts, useTexts } from "../../texts/Texts.tsx";
import classes from "./ask.module.css";
import { Coloured } from "./Coloured.tsx";
import { isComplete, walk } from "./complete.ts";

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

/** A line as a question a person would ask: "Will “finished” not happen by promised on?"; others as they stand. */
function inWords(line: string, t: Texts["t"]): string {
  if (!isComplete(line)) return line;
  const { words, said } = walk(line);
  const deadline = words.find(({ slot }) => slot === "deadline")?.text ?? "";
  const own = said.event?.startsWith(`${said.kind}.`)
    ? said.event.slice((said.kind?.length ?? 0) + 1)
    : said.event;
  return t(said.absent ? "ask.inwords.absent" : "ask.inwords.happens", {
    event: plain(own ?? ""),
    kind: plain(said.kind ?? ""),
    deadline: plain(deadline),
  });
}

const plain = (name: string) => name.replaceAll("_", " ");
