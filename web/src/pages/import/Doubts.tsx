import { Check, TriangleAlert } from "lucide-react";
import { Fragment } from "react";
import type { Proposal } from "../../api/shapes.ts";
import { Marked } from "../../parts/Marked.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import classes from "./import.module.css";
import { columnsNamed, pieces } from "./named.ts";

type DoubtsProps = {
  doubts: readonly string[];
  columns: Proposal["columns"];
  look: (column: string) => void;
  /** Whether a column is other than proposed: a doubt about it has been looked at. */
  changed: (column: string) => boolean;
};

/** What a person should look at before agreeing; a column that is named leads to it. */
export function Doubts({ doubts, columns, look, changed }: DoubtsProps) {
  const { t } = useTexts();
  if (doubts.length === 0) return null;
  const names = columns.map((one) => one.column);
  return (
    <section className={classes.doubts} aria-labelledby="doubts">
      <h2 id="doubts">
        <TriangleAlert size={15} aria-hidden /> {t("import.doubts", { count: doubts.length })}
      </h2>
      <ul>
        {doubts.map((doubt) => {
          const mended = columnsNamed(doubt, names).some(changed);
          return (
            <li key={doubt} data-mended={mended || undefined}>
              {mended && <Check size={14} aria-label={t("import.changed")} />}
              <Doubt text={doubt} names={names} look={look} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Doubt({
  text,
  names,
  look,
}: {
  text: string;
  names: readonly string[];
  look: (column: string) => void;
}) {
  return pieces(text, names).map(({ at, piece, name }) => (
    <Fragment key={at}>
      {name ? (
        <button type="button" className={classes.jump} onClick={() => look(piece)}>
          {piece}
        </button>
      ) : (
        <Marked text={piece} />
      )}
    </Fragment>
  ));
}
