import { useMemo } from "react";
import type { ProofDocument, Side, Tail } from "../../api/shapes.ts";
import { Chart } from "../../parts/Chart.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { lines } from "./charts/lines.ts";
import { points } from "./numbers.ts";
import classes from "./proof.module.css";
import { Section } from "./Section.tsx";

const HEIGHT = 374;

/** Every line that was tried, on each side: where the promise holds, and how near it was where it does not. */
export function Lines({ document }: { document: ProofDocument }) {
  const { t } = useTexts();
  const tried = document.lines ?? {};
  return (
    <Section id="lines" title={t("proof.lines")}>
      <div className={classes.charts}>
        {document.sides.map((side) => (
          <OneSide key={side.side} side={side} tails={tried[side.side] ?? []} />
        ))}
      </div>
    </Section>
  );
}

function OneSide({ side, tails }: { side: Side; tails: readonly Tail[] }) {
  const { t, format } = useTexts();
  const option = useMemo(() => lines(side, tails, { t, format }), [side, tails, t, format]);
  const { called } = side;
  if (tails.length === 0) return <p className="soft">{t("proof.lines.untried", { called })}</p>;
  const share = (value: number) => `${points(format, value)} %`;
  const said = { called, promise: format.share(side.promise) };
  return (
    <Chart
      title={t("proof.lines.title", { called })}
      says={
        side.line === null
          ? t("proof.lines.says.never", said)
          : t("proof.lines.says.kept", { ...said, line: format.share(side.line) })
      }
      option={option}
      table={{
        columns: [
          t("proof.lines.line", { called }),
          t("proof.lines.precision"),
          t("proof.lines.bound"),
          t("proof.lines.coverage"),
        ],
        rows: tails.map((one) => [
          share(one.line),
          share(one.precision),
          share(one.bound),
          share(one.coverage),
        ]),
      }}
      height={HEIGHT}
    />
  );
}
