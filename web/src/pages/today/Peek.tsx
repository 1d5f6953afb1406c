import { Button, CloseButton, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Prediction, Question } from "../../api/shapes.ts";
import { Around, Foreign } from "../../parts/Foreign.tsx";
import { RefLink } from "../../parts/RefLink.tsx";
import { SaidBar, useAmount, useWays } from "../../parts/Said.tsx";
import { Due } from "../../parts/values.tsx";
import { VerbBadge, verbOf } from "../../parts/verbs.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { Stake } from "./Standing.tsx";
import classes from "./today.module.css";
import { useAsides } from "./useAsides.ts";

type PeekProps = { prediction: Prediction; question: Question | undefined; now: string; close: () => void };

/** The chosen row in full: how sure, what is at stake, why, and what was decided. */
export function Peek({ prediction, question, now, close }: PeekProps) {
  const { t, format } = useTexts();
  const { setAside, takeUp } = useAsides();
  const { probability, quantity, low, high, unit, subject, deadline, aside } = prediction;
  const told = useAmount();
  return (
    <aside className={classes.peek} aria-label={t("today.peek")}>
      <div className={classes.peekHead}>
        <Title order={2}>
          <RefLink to={subject} />
        </Title>
        <CloseButton size="sm" aria-label={t("close")} onClick={close} />
      </div>
      <p className={classes.big}>
        {quantity === null ? (
          <>
            <span className="num">{format.share(probability ?? 0)}</span>{" "}
            <Foreign of={prediction.question}>{prediction.yes}</Foreign>
          </>
        ) : (
          <span className="num">{t("quantity.about", { value: told(quantity, unit) })}</span>
        )}
      </p>
      <SaidBar one={prediction} />
      <p className="soft">
        {quantity === null
          ? t("today.peek.interval", { low: format.share(low), high: format.share(high) })
          : t("today.peek.interval.quantity", { low: told(low), high: told(high, unit) })}
      </p>
      <dl className={classes.facts}>
        <dt>{t("today.column.due")}</dt>
        <dd>
          <Due at={deadline} /> · <Due at={deadline} now={now} />
        </dd>
        <dt>{t("today.column.risk")}</dt>
        <dd>
          <Stake value={prediction.expected_loss} question={question} />
        </dd>
        <dt>{t("today.column.stake")}</dt>
        <dd>
          <Stake value={prediction.worth} question={question} />
        </dd>
      </dl>
      <Title order={3} className={classes.small ?? ""}>
        {t("today.peek.decided")}
      </Title>
      <Decided prediction={prediction} />
      <Title order={3} className={classes.small ?? ""}>
        {t("today.peek.why")}
      </Title>
      <Reasons {...prediction} />
      <div className="actions">
        <Button
          size="sm"
          renderRoot={(props) => <Link to="/subject/$" params={{ _splat: subject }} {...props} />}
        >
          {t("today.peek.open", { subject })}
        </Button>
        <Button
          size="sm"
          variant="default"
          onClick={() => (aside === null ? setAside([prediction]) : takeUp(prediction))}
        >
          {t(aside === null ? "today.aside" : "today.back")}
        </Button>
      </div>
      <p className={`${classes.made} soft`}>
        {t("today.peek.asked", {
          cutoff: format.day(prediction.cutoff),
          model: prediction.model.slice(0, 8),
        })}
      </p>
    </aside>
  );
}

function Decided({ prediction: { decision } }: { prediction: Prediction }) {
  const { t } = useTexts();
  const verb = verbOf(decision);
  return (
    <>
      <VerbBadge verb={verb} />
      <p>{decision?.because ? <Foreign>{decision.because}</Foreign> : t(`today.verb.${verb}.long`)}</p>
      {decision && <p className="soft">{t("today.peek.playbook", { name: decision.playbook })}</p>}
    </>
  );
}

/** Each ground with the side it speaks for and how much of the whole it weighs. */
function Reasons({ reasons, question, ...one }: Prediction) {
  const { t } = useTexts();
  const [yes, no] = useWays(one);
  const most = Math.max(...reasons.map((one) => Math.abs(one.contribution)), Number.EPSILON);
  return (
    <ul className={classes.reasons}>
      {reasons.map(({ text, contribution }) => (
        <li key={text} data-side={contribution > 0 ? "yes" : "no"}>
          <span className={classes.scale}>
            <span className={classes.weight} style={{ width: `${(Math.abs(contribution) / most) * 100}%` }} />
          </span>
          <span className={classes.side}>
            <span className="seen-by-readers">
              <Around
                of={question}
                word={contribution > 0 ? yes : no}
                sentence={(word) => t("today.peek.speaks", { word })}
              />
            </span>
            <span aria-hidden>{contribution > 0 ? yes : no}</span>
          </span>
          <span className={classes.ground}>
            <Foreign>{text}</Foreign>
          </span>
        </li>
      ))}
    </ul>
  );
}
