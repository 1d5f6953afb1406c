import type { ProofDocument } from "../../api/shapes.ts";
import { useAmount } from "../../parts/Said.tsx";
import { Badge } from "../../parts/values.tsx";
import type { Key } from "../../texts/catalogue.ts";
import { useTexts } from "../../texts/Texts.tsx";
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
  const rungs = document.rungs ?? [];
  if (rungs.length === 0) return null;
  const number = (value: number | null) => (value === null ? "–" : exact(format, value));
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
                  <td className={`num ${classes.end}`}>{number(one.se)}</td>
                  <td>{one.chosen && <Badge tone="good">{t("proof.tried.chosen")}</Badge>}</td>
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
  const { t, format } = useTexts();
  const told = useAmount();
  const { segments = [], form = "chance", unit = null } = document;
  if (segments.length === 0) return null;
  const quantities = form === "quantity";
  const say = (value: number | null | undefined, words: (value: number) => string) =>
    typeof value === "number" ? words(value) : "–";
  const measured = (value: number) => told(value, unit);
  return (
    <Section id="segments" title={t("proof.segments")} lead={t("proof.segments.says")}>
      <Scrolled label={t("proof.segments")}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t("proof.segments.of")}</th>
              <th scope="col" className={classes.end}>
                {t("proof.chance.subjects")}
              </th>
              <th scope="col" className={classes.end}>
                {t(quantities ? "proof.segments.mean" : "proof.segments.share")}
              </th>
              <th scope="col" className={classes.end}>
                {t(quantities ? "proof.time.mae" : "proof.time.auc")}
              </th>
              {!quantities && (
                <th scope="col" className={classes.end}>
                  {t("proof.segments.off")}
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {segments.map((one) => (
              <tr key={`${one.attribute}/${one.value}`}>
                <th scope="row">
                  <span className="soft">{one.attribute.replaceAll("_", " ")}</span> {one.value}
                </th>
                <td className={`num ${classes.end}`}>{format.number(one.subjects)}</td>
                <td className={`num ${classes.end}`}>
                  {say(one.base, quantities ? measured : format.share)}
                </td>
                <td className={`num ${classes.end}`}>
                  {quantities ? say(one.mae, measured) : say(one.auc, (value) => exact(format, value))}
                </td>
                {!quantities && (
                  <td className={`num ${classes.end}`}>
                    {say(one.calibration_error, (value) => `${points(format, value)} %`)}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
    </Section>
  );
}
