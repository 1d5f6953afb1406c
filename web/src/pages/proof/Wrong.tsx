import type { ReactNode } from "react";
import type { ProofDocument } from "../../api/shapes.ts";
import { Money } from "../../parts/values.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { useAmounts } from "./amounts.ts";
import { called } from "./document.ts";
import classes from "./proof.module.css";
import { Scrolled } from "./Scrolled.tsx";
import { Section } from "./Section.tsx";

/** How a subject is shown, as it was known on a day: a link in the app, its name in a file. */
export type Shown = (ref: string, day: string) => ReactNode;

type Props = { document: ProofDocument; unit: string | null; shown: Shown };

/** The very cases in which it was sure and wrong. */
export function Wrong({ document, unit, shown }: Props) {
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
        <Cases
          label={t("proof.wrong")}
          cases={cases}
          unit={unit}
          shown={shown}
          columns={[
            {
              title: t("proof.wrong.said", { yes }),
              figure: true,
              say: (one) => format.share(one.probability),
            },
            { title: t("proof.wrong.was"), say: (one) => one.answer },
          ]}
        />
      )}
    </Section>
  );
}

/** The answers farthest from what was forecast. */
export function Outside({ document, unit, shown }: Props) {
  const { t } = useTexts();
  const { amount, span } = useAmounts(document);
  return (
    <Section id="outside" title={t("proof.outside")} lead={t("proof.outside.says")}>
      <Cases
        label={t("proof.outside")}
        cases={document.outside}
        unit={unit}
        shown={shown}
        columns={[
          { title: t("proof.intervals.forecast"), figure: true, say: (one) => amount(one.quantity) },
          { title: t("proof.outside.interval"), figure: true, say: (one) => span(one.low, one.high) },
          { title: t("proof.outside.came"), figure: true, say: (one) => amount(one.came) },
        ]}
      />
    </Section>
  );
}

type Case = { subject: string; cutoff: string; worth: number | null };
type Column<One> = { title: string; figure?: boolean; say: (one: One) => string };
type CasesProps<One> = {
  label: string;
  cases: readonly One[];
  columns: readonly Column<One>[];
  unit: string | null;
  shown: Shown;
};

/** Subjects by name, with what was said of each and what came. */
function Cases<One extends Case>({ label, cases, columns, unit, shown }: CasesProps<One>) {
  const { t, format } = useTexts();
  return (
    <Scrolled label={label}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t("proof.wrong.subject")}</th>
            <th scope="col">{t("proof.wrong.asked")}</th>
            {columns.map(({ title, figure }) => (
              <th key={title} scope="col" className={figure ? classes.end : undefined}>
                {title}
              </th>
            ))}
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
              {columns.map(({ title, figure, say }) => (
                <td key={title} className={figure ? `num ${classes.end}` : undefined}>
                  {say(one)}
                </td>
              ))}
              <td className={classes.end}>
                <Money value={one.worth} unit={unit} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolled>
  );
}
