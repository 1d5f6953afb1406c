import type { ProofDocument } from "../../api/shapes.ts";
import { useTexts } from "../../texts/Texts.tsx";
import { useAmounts } from "./amounts.ts";
import { exact } from "./numbers.ts";
import classes from "./proof.module.css";
import { Scrolled } from "./Scrolled.tsx";
import { Section } from "./Section.tsx";

/** The few figures of a proof whose answers are quantities, each beside the naive forecast's. */
export function QuantityFigures({ document }: { document: ProofDocument }) {
  const figures = useFigures(document);
  return (
    <dl className={classes.figures}>
      {figures.map(([text, value]) => (
        <div key={text}>
          <dt>{text}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function useFigures(document: ProofDocument): [string, string][] {
  const { t, format } = useTexts();
  const { amount } = useAmounts(document);
  const { metrics, baseline, split } = document;
  const share = (value: number | null | undefined) => (typeof value === "number" ? format.share(value) : "–");
  return [
    [t("proof.figure.mae.text", { baseline: amount(baseline.mae) }), amount(metrics.mae)],
    [t("proof.figure.rmse.text", { baseline: amount(baseline.rmse) }), amount(metrics.rmse)],
    [t("proof.figure.coverage.text"), share(metrics.coverage)],
    [t("proof.figure.total.text", { baseline: share(baseline.total_ratio) }), share(metrics.total_ratio)],
    [t("proof.figure.quantities.text"), format.number(split.judged)],
  ];
}

/** Whether as much comes as it says, and as often within its intervals: from the smallest forecasts to the largest. */
export function Intervals({ document }: { document: ProofDocument }) {
  const { t, format } = useTexts();
  const { amount, span } = useAmounts(document);
  const { coverage, coverage_promised: promised, width } = document.metrics;
  const lead =
    typeof coverage === "number" && typeof promised === "number"
      ? t("proof.intervals.says", {
          coverage: format.share(coverage),
          promised: format.share(promised),
          width: amount(width),
        })
      : undefined;
  return (
    <Section id="intervals" title={t("proof.intervals")} lead={lead}>
      <Scrolled label={t("proof.intervals")}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t("proof.intervals.forecast")}</th>
              <th scope="col" className={classes.end}>
                {t("proof.chance.subjects")}
              </th>
              <th scope="col" className={classes.end}>
                {t("proof.intervals.mean")}
              </th>
              <th scope="col" className={classes.end}>
                {t("proof.intervals.came")}
              </th>
              <th scope="col" className={classes.end}>
                {t("proof.segments.inside")}
              </th>
            </tr>
          </thead>
          <tbody>
            {document.calibration.map((bin) => (
              <tr key={bin.mean_forecast}>
                <th scope="row" className="num">
                  {span(bin.from ?? bin.mean_forecast, bin.to ?? bin.mean_forecast)}
                </th>
                <td className={`num ${classes.end}`}>{format.number(bin.subjects)}</td>
                <td className={`num ${classes.end}`}>{amount(bin.mean_forecast)}</td>
                <td className={`num ${classes.end}`}>{amount(bin.mean_answer)}</td>
                <td className={`num ${classes.end}`}>{format.share(bin.coverage)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
    </Section>
  );
}

/** How it did, stretch by stretch. */
export function QuantityTime({ document }: { document: ProofDocument }) {
  const { t, format } = useTexts();
  const { amount } = useAmounts(document);
  const { lift, folds } = document;
  const [low, high] = lift.interval ?? [];
  const lead =
    lift.difference === null || low === undefined || high === undefined
      ? undefined
      : t(lift.claimed ? "proof.time.gain.claimed" : "proof.time.gain.none", {
          figure: amount(lift.difference),
          low: exact(format, low, 2),
          high: exact(format, high, 2),
        });
  return (
    <Section id="time" title={t("proof.time")} lead={lead}>
      <Scrolled label={t("proof.time")}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t("proof.time.from")}</th>
              <th scope="col">{t("proof.time.until")}</th>
              <th scope="col" className={classes.end}>
                {t("proof.time.mae")}
              </th>
              <th scope="col" className={classes.end}>
                {t("proof.time.attributes")}
              </th>
              <th scope="col" className={classes.end}>
                {t("proof.time.answers")}
              </th>
              <th scope="col" className={classes.end}>
                {t("proof.time.trained")}
              </th>
            </tr>
          </thead>
          <tbody>
            {folds.map((fold) => (
              <tr key={fold.from}>
                <th scope="row">{format.day(fold.from)}</th>
                <td>{format.day(fold.until)}</td>
                <td className={`num ${classes.end}`}>{amount(fold.mae)}</td>
                <td className={`num ${classes.end}`}>{amount(fold.mae_attributes)}</td>
                <td className={`num ${classes.end}`}>{format.number(fold.asked)}</td>
                <td className={`num ${classes.end}`}>{format.number(fold.trained_on)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
    </Section>
  );
}
