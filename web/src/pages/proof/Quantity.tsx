import type { ProofDocument } from "../../api/shapes.ts";
import { useAmount } from "../../parts/Said.tsx";
import { useTexts } from "../../texts/Texts.tsx";
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

function useFigures({ metrics, baseline, unit, split }: ProofDocument): [string, string][] {
  const { t, format } = useTexts();
  const told = useAmount();
  const figure = (value: number | null | undefined, say: (value: number) => string) =>
    typeof value === "number" ? say(value) : "–";
  const measured = (value: number | null | undefined) => figure(value, (one) => told(one, unit ?? null));
  const share = (value: number | null | undefined) => figure(value, format.share);
  return [
    [t("proof.figure.mae.text", { baseline: measured(baseline.mae) }), measured(metrics.mae)],
    [t("proof.figure.rmse.text", { baseline: measured(baseline.rmse) }), measured(metrics.rmse)],
    [t("proof.figure.coverage.text"), share(metrics.coverage)],
    [t("proof.figure.total.text", { baseline: share(baseline.total_ratio) }), share(metrics.total_ratio)],
    [t("proof.figure.quantities.text"), format.number(split.judged)],
  ];
}

/** How it did, stretch by stretch. */
export function QuantityTime({ document }: { document: ProofDocument }) {
  const { t, format } = useTexts();
  const told = useAmount();
  const { lift, unit, folds } = document;
  const [low, high] = lift.interval ?? [];
  const measured = (value: number | null | undefined) =>
    typeof value === "number" ? told(value, unit ?? null) : "–";
  const lead =
    lift.difference === null || low === undefined || high === undefined
      ? undefined
      : t(lift.claimed ? "proof.time.gain.claimed" : "proof.time.gain.none", {
          figure: measured(lift.difference),
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
                <td className={`num ${classes.end}`}>{measured(fold.mae)}</td>
                <td className={`num ${classes.end}`}>{measured(fold.mae_attributes)}</td>
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
