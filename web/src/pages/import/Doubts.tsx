import { TriangleAlert } from "lucide-react";
import type { Proposal } from "../../api/work.ts";
import { useTexts } from "../../texts/Texts.tsx";
import classes from "./import.module.css";
import { columnsNamed } from "./named.ts";

type DoubtsProps = {
  doubts: readonly string[];
  columns: Proposal["columns"];
  look: (column: string) => void;
};

/** What a person should look at before agreeing; a column that is named leads to it. */
export function Doubts({ doubts, columns, look }: DoubtsProps) {
  const { t } = useTexts();
  if (doubts.length === 0) return null;
  const names = columns.map((one) => one.column);
  return (
    <section className={classes.doubts} aria-labelledby="doubts">
      <h2 id="doubts">
        <TriangleAlert size={15} aria-hidden /> {t("import.doubts", { count: doubts.length })}
      </h2>
      <ul>
        {doubts.map((doubt) => (
          <li key={doubt}>
            {doubt}{" "}
            {columnsNamed(doubt, names).map((name) => (
              <button key={name} type="button" className={classes.jump} onClick={() => look(name)}>
                {name}
              </button>
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}
