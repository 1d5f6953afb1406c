import type { ReactNode } from "react";
import type { ProofDocument } from "../../api/shapes.ts";
import { Money } from "../../parts/values.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { called } from "./document.ts";
import classes from "./proof.module.css";
import { Scrolled } from "./Scrolled.tsx";
import { Section } from "./Section.tsx";

/** How a subject is shown, as it was known on a day: a link in the app, its name in a file. */
export type Shown = (ref: string, day: string) => ReactNode;

/** The very cases in which it was sure and wrong. */
export function Wrong({
  document,
  unit,
  shown,
}: {
  document: ProofDocument;
  unit: string | null;
  shown: Shown;
}) {
  const { t, format } = useTexts();
  const cases = document.sure_and_wrong;
  const yes = called(document, "yes");
  return (
    <Section
      id="wrong"
      title={t("proof.wrong")}
      lead={t(cases.length ? "proof.wrong.says" : "proof.wrong.none")}
    >
      {cases.length > 0 && (
        <Scrolled label={t("proof.wrong")}>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">{t("proof.wrong.subject")}</th>
                <th scope="col">{t("proof.wrong.asked")}</th>
                <th scope="col" className={classes.end}>
                  {t("proof.wrong.said", { yes })}
                </th>
                <th scope="col">{t("proof.wrong.was")}</th>
                <th scope="col" className={classes.end}>
                  {t("proof.wrong.worth")}
                </th>
              </tr>
            </thead>
            <tbody>
              {cases.map((one) => (
                <tr key={`${one.subject}/${one.cutoff}`}>
                  <th scope="row">{shown(one.subject, one.cutoff.slice(0, 10))}</th>
                  <td className="num">{format.day(one.cutoff)}</td>
                  <td className={`num ${classes.end}`}>{format.share(one.probability)}</td>
                  <td>{one.answer}</td>
                  <td className={classes.end}>
                    <Money value={one.worth} unit={unit} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scrolled>
      )}
    </Section>
  );
}
