import type { Feature, Leaks as Found, ProofDocument } from "../../api/shapes.ts";
import type { Key } from "../../texts/catalogue.ts";
import { useTexts } from "../../texts/Texts.tsx";
import { exact } from "./numbers.ts";
import classes from "./proof.module.css";
import { Scrolled } from "./Scrolled.tsx";
import { Section } from "./Section.tsx";

const FAMILIES: Readonly<Record<string, Key>> = {
  attribute: "proof.group.attribute",
  calendar: "proof.group.calendar",
  "own history": "proof.group.own history",
  "history of a link": "proof.group.history of a link",
  "history of a pair": "proof.group.history of a pair",
  drift: "proof.group.drift",
};

/** What is suspiciously good alone is more often a leak than a discovery. */
export function Leaks({ document }: { document: ProofDocument }) {
  const { t, format } = useTexts();
  const leaks = document.leaks ?? null;
  if (leaks === null || leaks.strongest.length === 0)
    return (
      <Section
        id="leaks"
        title={t("proof.leaks")}
        lead={t(leaks === null ? "proof.leaks.none" : "proof.leaks.nothing")}
      >
        {null}
      </Section>
    );
  const limit = exact(format, leaks.limit, 2);
  const lead = leaks.suspicious.length
    ? t("proof.leaks.found", { count: leaks.suspicious.length, limit })
    : t("proof.leaks.clean", { count: leaks.checked, limit });
  const found = new Set(leaks.suspicious.map(nameOf));
  const shown = [...leaks.suspicious, ...leaks.strongest.filter((one) => !found.has(nameOf(one)))];
  return (
    <Section id="leaks" title={t("proof.leaks")} lead={lead}>
      <Strongest features={shown} leaks={leaks} />
    </Section>
  );
}

const nameOf = ({ feature, by }: Feature) => `${feature}/${by}`;

/** From guessing (one half) to certain (one), as a share of the bar. */
const along = (auc: number) => `${Math.max(0, (auc - 0.5) * 200)}%`;

function Strongest({ features, leaks }: { features: readonly Feature[]; leaks: Found }) {
  const { t, format } = useTexts();
  return (
    <Scrolled label={t("proof.leaks")}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t("proof.leaks.feature")}</th>
            <th scope="col">{t("proof.leaks.family")}</th>
            <th scope="col">
              {t("proof.leaks.alone")}{" "}
              <span className="soft">
                ({t("proof.leaks.limit", { limit: exact(format, leaks.limit, 2) })})
              </span>
            </th>
          </tr>
        </thead>
        <tbody>
          {features.map((one) => {
            const family = FAMILIES[one.group];
            return (
              <tr key={nameOf(one)} data-suspicious={one.auc >= leaks.limit || undefined}>
                <th scope="row">
                  <code>{one.feature}</code> <span className="soft">{t(`proof.leaks.by.${one.by}`)}</span>
                </th>
                <td>{family ? t(family) : one.group}</td>
                <td>
                  <span className={classes.alone}>
                    <span className="num">{exact(format, one.auc)}</span>
                    <span className={classes.track} aria-hidden>
                      <span className={classes.fill} style={{ width: along(one.auc) }} />
                      <span className={classes.limit} style={{ left: along(leaks.limit) }} />
                    </span>
                  </span>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Scrolled>
  );
}
