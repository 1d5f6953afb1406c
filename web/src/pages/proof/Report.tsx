import type { ProofDocument } from "../../api/shapes.ts";
import { useTexts } from "../../texts/Texts.tsx";
import { Backtest } from "./Backtest.tsx";
import { Calibration } from "./Calibration.tsx";
import { Figures } from "./Figures.tsx";
import { Gain } from "./Gain.tsx";
import { Assumed, Counts, Data } from "./Ground.tsx";
import { Leaks } from "./Leaks.tsx";
import { Lines } from "./Lines.tsx";
import classes from "./proof.module.css";
import { Verdict } from "./Verdict.tsx";
import { type Shown, Wrong } from "./Wrong.tsx";

/** What a proof is shown from. `unit`: the currency of the money at stake. */
export type ReportProps = { document: ProofDocument; unit: string | null; shown: Shown };

/** The whole proof: the verdict first, then the evidence. The app's page and the file that is sent around are this. */
export function Report({ document, unit, shown }: ReportProps) {
  const measured = document.metrics.auc !== null;
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
            <Leaks document={document} />
          </>
        )}
        <Assumed document={document} />
        <Counts document={document} />
        <Data document={document} />
      </div>
      <Contents parts={measured ? [...MEASURED, ...ALWAYS] : ALWAYS} />
    </div>
  );
}

const MEASURED = ["gain", "lines", "chance", "time", "wrong", "leaks"] as const;
const ALWAYS = ["assumed", "counts", "data"] as const;

/** The questions the proof answers, to go to; beside it where there is room. */
function Contents({ parts }: { parts: readonly (typeof MEASURED | typeof ALWAYS)[number][] }) {
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
