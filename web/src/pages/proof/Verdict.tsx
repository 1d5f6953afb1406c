import { CircleCheck, CircleX, Hand, ListOrdered } from "lucide-react";
import type { ProofDocument, Side } from "../../api/shapes.ts";
import { VerdictBadge } from "../../parts/values.tsx";
import { type Texts, useTexts } from "../../texts/Texts.tsx";
import { best, called, isQuantity, whyOf } from "./document.ts";
import classes from "./proof.module.css";

/** The verdict in one sentence, then what it means for acting, side by side. */
export function Verdict({ document }: { document: ProofDocument }) {
  const { t, format } = useTexts();
  const why = whyOf(document);
  return (
    <section className={classes.verdict} data-verdict={document.verdict} aria-labelledby="verdict">
      <div className={classes.sentence}>
        <Sign verdict={document.verdict} />
        <div>
          <h2 id="verdict" className={classes.plain}>
            {sentence(document, t)}
          </h2>
          {why !== "good" && !isQuantity(document) && (
            <p className={classes.because}>
              {t(`proof.why.${why}`, {
                rows: document.model.trained_on,
                yes: document.model.yes ?? 0,
                called: called(document, "yes"),
                day: format.day(document.split.origin),
              })}
            </p>
          )}
          <p className={classes.known}>
            <VerdictBadge verdict={document.verdict} />
            <span>{t("proof.known", { day: format.day(document.data.as_of) })}</span>
          </p>
        </div>
      </div>
      <div className={classes.sides}>
        {document.sides.map((side) => (
          <Acting key={side.side} side={side} document={document} />
        ))}
      </div>
    </section>
  );
}

function Sign({ verdict }: { verdict: string }) {
  if (verdict === "use") return <CircleCheck size={24} aria-hidden />;
  return verdict === "use_above" ? <ListOrdered size={24} aria-hidden /> : <CircleX size={24} aria-hidden />;
}

/** What a manager is told. */
function sentence(document: ProofDocument, t: Texts["t"]): string {
  const why = whyOf(document);
  if (why !== "good") return t(`proof.say.${why}`);
  if (isQuantity(document)) return t("proof.say.quantity");
  const [yes, no] = [called(document, "yes"), called(document, "no")];
  const acting = document.sides.filter((side) => side.line !== null);
  if (acting.length > 1) return t("proof.say.use", { yes, no });
  const only = acting[0];
  return only ? t("proof.say.one", { yes, called: only.called }) : t("proof.say.rank", { yes });
}

function Acting({ side, document }: { side: Side; document: ProofDocument }) {
  const { t, format } = useTexts();
  const acts = side.line !== null;
  return (
    <div className={classes.side} data-acts={acts}>
      <h3>
        <Hand size={15} aria-hidden />{" "}
        {acts
          ? t("proof.act.from", { called: side.called, line: format.share(side.line ?? 1) })
          : t("proof.act.never", { called: side.called })}
      </h3>
      <div className={classes.share} aria-hidden>
        <span style={{ width: `${side.coverage * 100}%` }} />
      </div>
      <p>{acts ? shareOf(side, { t, format }) : never(side, document, { t, format })}</p>
    </div>
  );
}

type Said = Pick<Texts, "t" | "format">;

function shareOf({ coverage, precision, bound }: Side, { t, format }: Said): string {
  return t("proof.act.share", {
    coverage: format.share(coverage),
    precision: format.share(precision ?? 0),
    bound: format.share(bound ?? 0),
  });
}

function never(side: Side, document: ProofDocument, { t, format }: Said): string {
  if (document.verdict === "do_not_use") return t("proof.act.never.unused");
  const top = best(document.lines?.[side.side] ?? []);
  const promise = format.share(side.promise);
  if (top === null) return t("proof.act.never.untried", { promise });
  return t("proof.act.never.why", { promise, best: format.share(top.precision) });
}
