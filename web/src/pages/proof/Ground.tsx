import { Fragment } from "react";
import type { ProofDocument } from "../../api/shapes.ts";
import { Foreign } from "../../parts/Foreign.tsx";
import type { Key } from "../../texts/catalogue.ts";
import { useTexts } from "../../texts/Texts.tsx";
import { type Count, called, counted, isQuantity } from "./document.ts";
import { type Fact, Facts } from "./Facts.tsx";
import classes from "./proof.module.css";
import { Section } from "./Section.tsx";
import { RUNGS } from "./Tried.tsx";

const WORDS: Readonly<Record<string, Key>> = {
  trainable: "proof.count.trainable",
  open: "proof.count.open",
  later: "proof.count.later",
  waiting: "proof.count.waiting",
  overdue: "proof.count.overdue",
  answered_and_without_trace: "proof.count.answered_and_without_trace",
  answered_before_cutoff: "proof.count.answered_before_cutoff",
  unborn_at_cutoff: "proof.count.unborn_at_cutoff",
  cutoff_attribute_unknown_at_cutoff: "proof.count.cutoff_attribute_unknown_at_cutoff",
  no_cutoff_attribute: "proof.count.no_cutoff_attribute",
  no_deadline: "proof.count.no_deadline",
  over_before_cutoff: "proof.count.over_before_cutoff",
  not_among_those_asked: "proof.count.not_among_those_asked",
};

/** What nobody recorded and the proof takes for granted. */
export function Assumed({ document }: { document: ProofDocument }) {
  const { t } = useTexts();
  return (
    <Section id="assumed" title={t("proof.assumed")}>
      {document.assumptions.length === 0 ? (
        <p className="soft">{t("proof.assumed.none")}</p>
      ) : (
        <Sentences of={document.assumptions} />
      )}
    </Section>
  );
}

/** Why little or nothing could be learned or judged. */
export function Notes({ document }: { document: ProofDocument }) {
  const { t } = useTexts();
  return (
    <Section id="notes" title={t("proof.notes")}>
      <Sentences of={document.notes} />
    </Section>
  );
}

function Sentences({ of }: { of: readonly string[] }) {
  return (
    <ul className={classes.list}>
      {of.map((one) => (
        <li key={one}>
          <Foreign>{one}</Foreign>
        </li>
      ))}
    </ul>
  );
}

/** Who is asked about and who is not, and why. */
export function Counts({ document }: { document: ProofDocument }) {
  const { t } = useTexts();
  const all = counted(document).filter((one) => one.subjects > 0);
  const most = Math.max(1, ...all.map((one) => one.subjects));
  const parts = [
    { title: t("proof.counts.asked"), counts: all.filter((one) => !one.excluded) },
    { title: t("proof.counts.excluded"), counts: all.filter((one) => one.excluded) },
  ];
  return (
    <Section id="counts" title={t("proof.counts")} lead={t("proof.counts.says")}>
      {parts.map(
        ({ title, counts }) =>
          counts.length > 0 && (
            <Fragment key={title}>
              <h3 className={classes.part}>{title}</h3>
              <ul className={classes.counts}>
                {counts.map((one) => (
                  <Counted key={one.name} count={one} most={most} />
                ))}
              </ul>
            </Fragment>
          ),
      )}
    </Section>
  );
}

function Counted({ count, most }: { count: Count; most: number }) {
  const { t, format } = useTexts();
  const words = WORDS[count.name];
  return (
    <li>
      <span className={`num ${classes.end}`}>{format.number(count.subjects)}</span>
      <span className={classes.track} aria-hidden>
        <span className={classes.fill} style={{ width: `${(count.subjects / most) * 100}%` }} />
      </span>
      <span>{words ? t(words) : count.name.replaceAll("_", " ")}</span>
    </li>
  );
}

/** The split, the data and the model, for whoever wants to do it again. */
export function Data({ document }: { document: ProofDocument }) {
  const { t } = useTexts();
  return (
    <Section id="data" title={t("proof.data")}>
      <Facts facts={useFacts(document)} />
      <details className={classes.said}>
        <summary>{t("proof.data.said")}</summary>
        <p>
          <Foreign>{document.headline}</Foreign>
        </p>
        <p className="soft">
          <Foreign>{document.split.how}</Foreign>
        </p>
      </details>
    </Section>
  );
}

function useFacts(document: ProofDocument): Fact[] {
  const { t, format } = useTexts();
  const { split, model, data } = document;
  const name = RUNGS[model.rung];
  const rung = name ? t(name) : model.rung;
  const clusters: Fact[] = split.together
    ? [
        [
          t("proof.data.clusters"),
          t("proof.data.clusters.text", { clusters: split.clusters, together: split.together }),
        ],
      ]
    : [];
  return [
    [
      t("proof.data.judged"),
      t("proof.data.judged.text", {
        judged: split.judged,
        from: format.day(split.origin),
        until: format.day(split.until),
        count: split.folds,
      }),
    ],
    ...clusters,
    [
      t("proof.data.trained"),
      isQuantity(document)
        ? t("proof.data.trained.quantity", { rows: model.trained_on })
        : t("proof.data.trained.text", {
            rows: model.trained_on,
            yes: model.yes ?? 0,
            called: called(document, "yes"),
          }),
    ],
    [t("proof.data.features"), format.number(model.features)],
    [t("proof.data.model"), t("proof.data.model.text", { rung, version: model.version })],
    [t("proof.data.asof"), format.day(data.as_of)],
    [t("proof.data.facts"), format.number(data.rows)],
    [t("proof.data.position"), format.number(data.last_position)],
  ];
}
