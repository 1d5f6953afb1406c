import { Skeleton, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { predictedOf } from "../../api/knowledge.ts";
import { questions } from "../../api/queries.ts";
import type { Prediction, Question, Verb } from "../../api/shapes.ts";
import { Failed } from "../../parts/Failed.tsx";
import { Around, Foreign } from "../../parts/Foreign.tsx";
import { SaidAnswer, useAmount, useWays } from "../../parts/Said.tsx";
import { Badge, Due, Money, type Tone } from "../../parts/values.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { madeBy } from "./asof.ts";
import classes from "./forecasts.module.css";
import { Reasons } from "./Reasons.tsx";

type ForecastsProps = { about: string; asOf: string | undefined; now: string };

/** Every forecast about it that had been made by the day one looks at. */
export function Forecasts({ about, asOf, now }: ForecastsProps) {
  const { t } = useTexts();
  const { data, error, refetch } = useQuery(predictedOf(about));
  const known = useQuery(questions);
  const made = madeBy(data ?? [], asOf);
  const later = (data?.length ?? 0) - made.length;
  return (
    <section aria-labelledby="forecasts">
      <Title order={2} id="forecasts">
        {t("subject.forecasts")}
      </Title>
      {error && <Failed error={error} again={() => void refetch()} />}
      {data === undefined && !error && <Skeleton height={120} mt={12} />}
      {data !== undefined && made.length === 0 && (
        <p className="soft">{t(later > 0 ? "subject.forecasts.later" : "subject.forecasts.none")}</p>
      )}
      {made.map((one) => (
        <Forecast
          key={`${one.question}/${one.cutoff}`}
          one={one}
          now={asOf ?? now}
          asked={known.data?.questions.find((each) => each.name === one.question)}
        />
      ))}
    </section>
  );
}

type ForecastProps = { one: Prediction; asked: Question | undefined; now: string };

function Forecast({ one, asked, now }: ForecastProps) {
  const { t, format } = useTexts();
  const unit = asked?.worth_unit ?? null;
  const [yes, no] = useWays(one);
  return (
    <article className={classes.card}>
      <header className={classes.head}>
        <h3>
          <Link to="/proof/$name" params={{ name: one.question }}>
            <Foreign of={one.question}>{asked?.asks ?? one.question}</Foreign>
          </Link>
        </h3>
        <Outcome one={one} now={now} />
      </header>
      <dl className={classes.figures}>
        <div>
          <dt>
            {one.form === "quantity" ? (
              t("subject.forecast.quantity")
            ) : (
              <Around
                of={one.question}
                word={one.yes}
                sentence={(word) => t("subject.forecast.chance", { word })}
              />
            )}
          </dt>
          <dd>
            <SaidAnswer one={one} />
          </dd>
        </div>
        <div>
          <dt>{t("subject.forecast.deadline")}</dt>
          <dd>
            <Due at={one.deadline} />{" "}
            <span className="soft">
              · <Due at={one.deadline} now={now} />
            </span>
          </dd>
        </div>
        {one.worth !== null && (
          <div>
            <dt>{t("subject.forecast.risk")}</dt>
            <dd>
              <Money value={one.expected_loss} unit={unit} />{" "}
              <span className="soft">
                {t("subject.forecast.of", { stake: format.money(one.worth, unit) })}
              </span>
            </dd>
          </div>
        )}
      </dl>
      {one.decision && (
        <p className={classes.decision}>
          <Badge tone={TONES[one.decision.verb]}>{t(`today.verb.${one.decision.verb}`)}</Badge>
          <span>
            <Foreign>{one.decision.because}</Foreign>
          </span>
        </p>
      )}
      <Reasons reasons={one.reasons} yes={yes} no={no} question={one.question} />
      <footer className={classes.foot}>
        {t("subject.forecast.asked", {
          cutoff: format.day(one.cutoff),
          made: format.day(one.made_at),
          model: one.model.slice(0, 8),
        })}
      </footer>
    </article>
  );
}

const TONES: Readonly<Record<Verb, Tone>> = { act: "good", ask: "accent", hold: "warn", drop: "plain" };

/** What came out, once it has. */
function Outcome({ one, now }: { one: Prediction; now: string }) {
  const { t } = useTexts();
  if (one.outcome === null)
    return <Badge>{t(one.deadline < now ? "subject.outcome.awaited" : "subject.outcome.open")}</Badge>;
  if (typeof one.outcome === "number") return <Came one={one} value={one.outcome} />;
  const word = one.outcome ? one.yes : one.no;
  return (
    <Badge tone={one.outcome ? "warn" : "good"}>
      <Around
        of={one.question}
        word={word}
        sentence={(said) => t(one.settled ? "subject.outcome.out" : "subject.outcome.early", { word: said })}
      />
    </Badge>
  );
}

function Came({ one, value }: { one: Prediction; value: number }) {
  const { t } = useTexts();
  const told = useAmount()(value, one.unit);
  if (one.censored) return <Badge>{t("subject.outcome.beyond", { value: told })}</Badge>;
  return <Badge>{t(one.settled ? "subject.outcome.came" : "subject.outcome.sofar", { value: told })}</Badge>;
}
