import type { CSSProperties } from "react";
import type { Checked } from "../../api/shapes.ts";
import { explain } from "../../parts/Failed.tsx";
import { Foreign } from "../../parts/Foreign.tsx";
import { Marked } from "../../parts/Marked.tsx";
import { Badge } from "../../parts/values.tsx";
import type { Key } from "../../texts/catalogue.ts";
import { type Texts, useTexts } from "../../texts/Texts.tsx";
import classes from "./ask.module.css";
import type { Check } from "./useCheck.ts";

/** What asking the line would come to, or what is wrong with it. */
export function CheckPane({ check, id }: { check: Check; id: string }) {
  const { t } = useTexts();
  return (
    <div id={id} role="status" aria-busy={check.checking} className={classes.check}>
      {check.error ? (
        <Wrong check={check} />
      ) : check.told ? (
        <Standing told={check.told} old={check.checking} />
      ) : check.checking ? (
        <span className="soft">{t("ask.checking")}</span>
      ) : null}
    </div>
  );
}

/** The first line of what the server says; the rest is a drawing of what the field shows itself. */
const first = (detail: string) => detail.split("\n")[0] ?? detail;

function Wrong({ check }: { check: Check }) {
  const { t } = useTexts();
  const { detail, hint } = explain(check.error, t);
  const indent = check.mark ? ({ "--at": `${check.mark.at}ch` } as CSSProperties) : {};
  return (
    <div className={classes.wrong}>
      <div className={classes.under} style={indent}>
        <span aria-hidden>↑ </span>
        <span className={classes.said}>
          <Marked text={first(detail)} />
        </span>
      </div>
      {check.allowed.length > 0 ? (
        <p className="soft">{t("ask.allowed", { words: check.allowed.join(", ") })}</p>
      ) : (
        hint && check.mark === undefined && <p className="soft">{hint}</p>
      )}
    </div>
  );
}

function Standing({ told, old }: { told: Checked; old: boolean }) {
  const { t } = useTexts();
  return (
    <div data-old={old || undefined} className={classes.standing}>
      <p className={classes.asks}>{told.asks}</p>
      <p>
        <Badge tone={told.enough ? "good" : "warn"}>{t(told.enough ? "ask.enough" : "ask.notenough")}</Badge>{" "}
        {told.enough ? t("ask.enough.text") : <Foreign>{told.words}</Foreign>}
      </p>
      <Counts told={told} />
    </div>
  );
}

function Counts({ told }: { told: Checked }) {
  const { t, format } = useTexts();
  const share = told.examples > 0 ? ` (${format.share(told.yes / told.examples)})` : "";
  const counts: readonly (readonly [string, string, string])[] = [
    [t("ask.count.examples"), format.number(told.examples), t("ask.count.examples.text")],
    ...(told.form === "quantity"
      ? []
      : ([[t("ask.count.yes"), `${format.number(told.yes)}${share}`, t("ask.count.yes.text")]] as const)),
    [t("ask.count.open"), format.number(told.open), t("ask.count.open.text")],
    [t("ask.count.later"), format.number(told.later), t("ask.count.later.text")],
  ];
  const left = Object.entries(told.excluded).filter(([, count]) => count > 0);
  return (
    <>
      <dl className={classes.counts}>
        {counts.map(([name, value, about]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="num">{value}</dd>
            <dd className="soft">{about}</dd>
          </div>
        ))}
      </dl>
      {left.length > 0 && (
        <p className="soft">
          {t("ask.excluded")} {left.map(([reason, count]) => excluded(reason, count, t)).join("; ")}.
        </p>
      )}
    </>
  );
}

const REASONS: Readonly<Record<string, Key>> = {
  no_cutoff_attribute: "ask.excluded.no_cutoff",
  answered_before_cutoff: "ask.excluded.answered",
  unborn_at_cutoff: "ask.excluded.unborn",
  cutoff_attribute_unknown_at_cutoff: "ask.excluded.unknown",
  no_deadline: "ask.excluded.no_deadline",
  over_before_cutoff: "ask.excluded.over",
  not_among_those_asked: "ask.excluded.others",
};

/** So many, and why; a reason the app has no words for is told in the server's. */
function excluded(reason: string, count: number, t: Texts["t"]): string {
  const key = REASONS[reason];
  return t("ask.excluded.one", { count, reason: key ? t(key) : reason.replaceAll("_", " ") });
}
