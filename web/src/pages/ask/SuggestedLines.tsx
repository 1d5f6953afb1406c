import { Link } from "@tanstack/react-router";
import { ArrowRight } from "lucide-react";
import { useRowKeys } from "../../parts/DataTable.tsx";
import classes from "./ask.module.css";
import { Coloured } from "./Coloured.tsx";

/** Lines to start from; each leads to where it can be asked. */
export function SuggestedLines({ lines }: { lines: readonly string[] }) {
  useRowKeys();
  if (lines.length === 0) return null;
  return (
    <ul className={classes.suggested}>
      {lines.map((line) => (
        <li key={line}>
          <Link to="/ask" search={{ line }} className={classes.suggestion} data-row={line}>
            <Coloured line={line} />
            <ArrowRight size={14} aria-hidden />
          </Link>
        </li>
      ))}
    </ul>
  );
}
