import type { ProofDocument } from "../../api/shapes.ts";
import { useTexts } from "../../texts/Texts.tsx";
import { Backtest } from "./Backtest.tsx";
import { Calibration } from "./Calibration.tsx";
import { isQuantity } from "./document.ts";
import { Figures } from "./Figures.tsx";
import { Gain } from "./Gain.tsx";
import { Assumed, Counts, Data } from "./Ground.tsx";
import { Leaks } from "./Leaks.tsx";
import { Lines } from "./Lines.tsx";
import classes from "./proof.module.css";
import { QuantityFigures, QuantityTime } from "./Quantity.tsx";
import { Segments, Tried } from "./Tried.tsx";
import { Verdict } from "./Verdict.tsx";
import { type Shown, Wrong } from "./Wrong.tsx";

/** What a proof is shown from. `unit`: the currency of the money at stake. */
export type ReportProps = { document: ProofDocument; unit: string | null; shown: Shown };

/** The whole proof: the verdict first, then the evidence. The app's page and the file that is sent around are this. */
export function Report({ document, unit, shown }: ReportProps) {
  const quantities = isQuantity(document);
  const measured = typeof document.metrics.auc === "number" && !quantities;
  const told = typeof document.metrics.mae === "number" && quantities;
  const more = {
    tried: (document.contest?.rungs ?? []).length > 0,
    segments: (document.segments ?? []).length > 0,
  };
  const parts = PARTS.filter((part) => {
    if (part === "tried" || part === "segments") return (measured || told) && more[part];
    return (ALWAYS as readonly string[]).includes(part) || measured || (told && IN_BOTH.has(part));
  });
  return (
    <div className={classes.whole}>
      <div className={classes.report}>
        <Verdict document={document} />
        {measured && (
          <>
            <Figures document={document} />
            <Gain document={document} unit={unit} />
            <Lines document={document} />
            <Calibration document={document} />
            <Backtest document={document} />
            <Wrong document={document} unit={unit} shown={shown} />
            <Segments document={document} />
            <Tried document={document} />
            <Leaks document={document} />
          </>
        )}
        {told && (
          <>
            <QuantityFigures document={document} />
            <QuantityTime document={document} />
            <Segments document={document} />
            <Tried document={document} />
            <Leaks document={document} />
          </>
        )}
        <Assumed document={document} />
        <Counts document={document} />
        <Data document={document} />
      </div>
      <Contents parts={parts} />
    </div>
  );
}

const MEASURED = ["gain", "lines", "chance", "time", "wrong", "segments", "tried", "leaks"] as const;
const ALWAYS = ["assumed", "counts", "data"] as const;
const PARTS = [...MEASURED, ...ALWAYS];
/** What a proof of quantities has as well. */
const IN_BOTH: ReadonlySet<string> = new Set(["time", "leaks"]);

/** The questions the proof answers, to go to; beside it where there is room. */
function Contents({ parts }: { parts: readonly (typeof PARTS)[number][] }) {
  const { t } = useTexts();
  return (
    <nav className={classes.toc} aria-label={t("proof.sections")}>
      {parts.map((part) => (
        <a key={part} href={`#${part}`}>
          {t(`proof.${part}`)}
        </a>
      ))}
    </nav>
  );
}
