import { Fragment } from "react";
import type { ProofDocument, Segment } from "../../api/shapes.ts";
import { Badge } from "../../parts/values.tsx";
import type { Key } from "../../texts/catalogue.ts";
import { useTexts } from "../../texts/Texts.tsx";
import { useAmounts } from "./amounts.ts";
import { isQuantity } from "./document.ts";
import { exact, points } from "./numbers.ts";
import classes from "./proof.module.css";
import { Scrolled } from "./Scrolled.tsx";
import { Section } from "./Section.tsx";

/** How people call a model. */
export const RUNGS: Readonly<Record<string, Key>> = {
  prior: "proof.data.rung.prior",
  logistic: "proof.data.rung.logistic",
  explainable: "proof.data.rung.explainable",
  boosted: "proof.data.rung.boosted trees",
  "boosted trees": "proof.data.rung.boosted trees",
  blend: "proof.data.rung.blend",
  survival: "proof.data.rung.survival",
  "buy till you die": "proof.data.rung.buy till you die",
  catboost: "proof.data.rung.catboost",
};

/** The models that were tried, the simplest first: the first within noise of the best is taken. */
export function Tried({ document }: { document: ProofDocument }) {
  const { t, format } = useTexts();
  const { rungs = [], chosen } = document.contest ?? {};
  const number = (value: number | null | undefined) =>
    typeof value === "number" ? exact(format, value) : "–";
  return (
    <Section id="tried" title={t("proof.tried")} lead={t("proof.tried.says")}>
      <Scrolled label={t("proof.tried")}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t("proof.data.model")}</th>
              <th scope="col" className={classes.end}>
                {t("proof.tried.loss")}
              </th>
              <th scope="col" className={classes.end}>
                {t("proof.tried.worse")}
              </th>
              <th scope="col" className={classes.end}>
                {t("proof.tried.se")}
              </th>
              <td />
            </tr>
          </thead>
          <tbody>
            {rungs.map((one) => {
              const name = RUNGS[one.rung];
              return (
                <tr key={one.rung}>
                  <th scope="row">{name ? t(name) : one.rung}</th>
                  <td className={`num ${classes.end}`}>{number(one.loss)}</td>
                  <td className={`num ${classes.end}`}>{number(one.worse)}</td>
                  <td className={`num ${classes.end}`}>{number(one.error)}</td>
                  <td>{one.rung === chosen && <Badge tone="good">{t("proof.tried.chosen")}</Badge>}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scrolled>
    </Section>
  );
}

/** Where it does better and where worse: subjects that share a value. */
export function Segments({ document }: { document: ProofDocument }) {
  const { t } = useTexts();
  return (
    <Section id="segments" title={t("proof.segments")} lead={t("proof.segments.says")}>
      {document.segments.map((one) => (
        <Fragment key={one.feature}>
          <h3 className={classes.part}>{one.of}</h3>
          <Values document={document} values={one.values} label={one.of} />
        </Fragment>
      ))}
    </Section>
  );
}

type ValuesProps = { document: ProofDocument; values: readonly Segment[]; label: string };

function Values({ document, values, label }: ValuesProps) {
  const { t, format } = useTexts();
  const columns = useColumns(document);
  return (
    <Scrolled label={label}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t("proof.segments.of")}</th>
            <th scope="col" className={classes.end}>
              {t("proof.chance.subjects")}
            </th>
            {columns.map(({ title }) => (
              <th key={title} scope="col" className={classes.end}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {values.map((one) => (
            <tr key={one.value}>
              <th scope="row">{one.value}</th>
              <td className={`num ${classes.end}`}>{format.number(one.subjects)}</td>
              {columns.map(({ title, say }) => (
                <td key={title} className={`num ${classes.end}`}>
                  {say(one)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolled>
  );
}

type Column = { title: string; say: (one: Segment) => string };

/** What is told of each value, by the form of the answer. */
function useColumns(document: ProofDocument): Column[] {
  const { t, format } = useTexts();
  const { amount } = useAmounts(document);
  const or = (value: number | null | undefined, say: (value: number) => string) =>
    typeof value === "number" ? say(value) : "–";
  if (!isQuantity(document))
    return [
      { title: t("proof.segments.share"), say: (one) => or(one.share_yes, format.share) },
      { title: t("proof.time.auc"), say: (one) => or(one.auc, (value) => exact(format, value)) },
      {
        title: t("proof.segments.off"),
        say: (one) => or(one.calibration_error, (value) => `${points(format, value)} %`),
      },
    ];
  return [
    { title: t("proof.segments.mean"), say: (one) => amount(one.mean_answer) },
    { title: t("proof.time.mae"), say: (one) => amount(one.mae) },
    { title: t("proof.segments.total"), say: (one) => or(one.total_ratio, format.share) },
    { title: t("proof.segments.inside"), say: (one) => or(one.coverage, format.share) },
  ];
}
