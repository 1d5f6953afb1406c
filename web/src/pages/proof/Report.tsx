import { Fragment, type ReactNode } from "react";
import type { ProofDocument } from "../../api/shapes.ts";
import { useTexts } from "../../texts/Texts.tsx";
import { Backtest } from "./Backtest.tsx";
import { Calibration } from "./Calibration.tsx";
import { Champion } from "./Champion.tsx";
import { isMeasured, isQuantity, type Part, partsOf } from "./document.ts";
import { Figures } from "./Figures.tsx";
import { Gain } from "./Gain.tsx";
import { Assumed, Counts, Data, Notes } from "./Ground.tsx";
import { Leaks } from "./Leaks.tsx";
import { Lines } from "./Lines.tsx";
import classes from "./proof.module.css";
import { Intervals, QuantityFigures, QuantityTime } from "./Quantity.tsx";
import { Segments, Tried } from "./Tried.tsx";
import { Verdict } from "./Verdict.tsx";
import { Outside, type Shown, Wrong } from "./Wrong.tsx";

/** What a proof is shown from. `unit`: the currency of the money at stake. */
export type ReportProps = { document: ProofDocument; unit: string | null; shown: Shown };

const SECTIONS: Readonly<Record<Part, (props: ReportProps) => ReactNode>> = {
  gain: ({ document, unit }) => <Gain document={document} unit={unit} />,
  lines: ({ document }) => <Lines document={document} />,
  chance: ({ document }) => <Calibration document={document} />,
  intervals: ({ document }) => <Intervals document={document} />,
  time: ({ document }) =>
    isQuantity(document) ? <QuantityTime document={document} /> : <Backtest document={document} />,
  wrong: (props) => <Wrong {...props} />,
  outside: (props) => <Outside {...props} />,
  segments: ({ document }) => <Segments document={document} />,
  tried: ({ document }) => <Tried document={document} />,
  champion: ({ document }) => document.champion && <Champion document={document} rival={document.champion} />,
  leaks: ({ document }) => <Leaks document={document} />,
  notes: ({ document }) => <Notes document={document} />,
  assumed: ({ document }) => <Assumed document={document} />,
  counts: ({ document }) => <Counts document={document} />,
  data: ({ document }) => <Data document={document} />,
};

/** The whole proof: the verdict first, then the evidence. The app's page and the file that is sent around are this. */
export function Report(props: ReportProps) {
  const { document } = props;
  const parts = partsOf(document);
  return (
    <div className={classes.whole}>
      <div className={classes.report}>
        <Verdict document={document} />
        {isMeasured(document) &&
          (isQuantity(document) ? <QuantityFigures document={document} /> : <Figures document={document} />)}
        {parts.map((part) => (
          <Fragment key={part}>{SECTIONS[part](props)}</Fragment>
        ))}
      </div>
      <Contents parts={parts} />
    </div>
  );
}

/** The questions the proof answers, to go to; beside it where there is room. */
function Contents({ parts }: { parts: readonly Part[] }) {
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
