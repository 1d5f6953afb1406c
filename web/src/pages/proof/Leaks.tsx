import type { Feature, LeftOut, ProofDocument } from "../../api/shapes.ts";
import { Foreign } from "../../parts/Foreign.tsx";
import { Badge } from "../../parts/values.tsx";
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
  const { suspicious = [], strongest = [], left_out = [] } = leaks ?? {};
  if (leaks === null || strongest.length === 0)
    return (
      <Section
        id="leaks"
        title={t("proof.leaks")}
        lead={t(leaks === null ? "proof.leaks.none" : "proof.leaks.nothing")}
      >
        <LeftOutList features={left_out} />
      </Section>
    );
  const limit = exact(format, leaks.limit ?? LIMIT, 2);
  const lead = suspicious.length
    ? t("proof.leaks.found", { count: suspicious.length, limit })
    : t("proof.leaks.clean", { count: leaks.checked, limit });
  const found = new Set(suspicious.map(nameOf));
  const shown = [...suspicious, ...strongest.filter((one) => !found.has(nameOf(one)))];
  return (
    <Section id="leaks" title={t("proof.leaks")} lead={lead}>
      <LeftOutList features={left_out} />
      <Strongest features={shown} from={leaks.limit ?? LIMIT} />
    </Section>
  );
}

/** Where a proof names no limit. */
const LIMIT = 1;

/** What was kept from the model, each with what speaks against it; and what somebody let in. */
function LeftOutList({ features }: { features: readonly LeftOut[] }) {
  const { t } = useTexts();
  if (features.length === 0) return null;
  return (
    <>
      <h3 className={classes.part}>{t("proof.leaks.left")}</h3>
      <ul className={classes.list}>
        {features.map((one) => (
          <li key={one.feature}>
            <code>{one.feature}</code>{" "}
            <Badge tone={one.admitted ? "warn" : "plain"}>
              {t(one.admitted ? "proof.leaks.admitted" : "proof.leaks.out")}
            </Badge>{" "}
            <Foreign>{one.evidence}</Foreign>
          </li>
        ))}
      </ul>
    </>
  );
}

const nameOf = ({ feature, by }: Feature) => `${feature}/${by}`;

/** From guessing (one half) to certain (one), as a share of the bar. */
const along = (auc: number) => `${Math.max(0, (auc - 0.5) * 200)}%`;

function Strongest({ features, from }: { features: readonly Feature[]; from: number }) {
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
              <span className="soft">({t("proof.leaks.limit", { limit: exact(format, from, 2) })})</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {features.map((one) => {
            const family = FAMILIES[one.group];
            return (
              <tr key={nameOf(one)} data-suspicious={one.auc >= from || undefined}>
                <th scope="row">
                  <code>{one.feature}</code> <span className="soft">{t(`proof.leaks.by.${one.by}`)}</span>
                </th>
                <td>{family ? t(family) : one.group}</td>
                <td>
                  <span className={classes.alone}>
                    <span className="num">{exact(format, one.auc)}</span>
                    <span className={classes.track} aria-hidden>
                      <span className={classes.fill} style={{ width: along(one.auc) }} />
                      <span className={classes.limit} style={{ left: along(from) }} />
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
