import { Button, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useId, useState } from "react";
import { questions } from "../../api/queries.ts";
import type { Playbook, Verb } from "../../api/shapes.ts";
import { Foreign } from "../../parts/Foreign.tsx";
import { Badge } from "../../parts/values.tsx";
import { VerbBadge } from "../../parts/verbs.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { Experiments } from "./Experiments.tsx";
import { Measured } from "./Measured.tsx";
import classes from "./playbooks.module.css";
import { Rehearsal } from "./Rehearsal.tsx";
import { RunList } from "./RunList.tsx";

/** How a playbook says that whoever it is about is contacted. */
const SELF = "self";

const VERBS: readonly Verb[] = ["act", "ask", "hold", "drop"];

type OneProps = {
  playbook: Playbook;
  may: boolean;
  open: (run: string) => void;
  compare: (experiment: string) => void;
};

/** A playbook: what wakes it, what it may do, what it decided, and its newest runs. */
export function OnePlaybook({ playbook, may, open, compare }: OneProps) {
  const { t } = useTexts();
  const heading = useId();
  const [rehearsing, setRehearsing] = useState(false);
  const [measuring, setMeasuring] = useState(false);
  const { name, version, stopped, running, asks_first } = playbook;
  return (
    <section className={classes.one} aria-labelledby={heading}>
      <div className={classes.head}>
        <Title order={2} id={heading}>
          {name}
        </Title>
        {version && <Badge>{t("playbooks.version", { version })}</Badge>}
        {asks_first && <Badge tone="accent">{t("playbooks.asks")}</Badge>}
        {running > 0 && <Badge tone="good">{t("playbooks.running", { count: running })}</Badge>}
        {!stopped && (
          <Button
            size="compact-sm"
            variant="default"
            className={classes.rehearse ?? ""}
            aria-expanded={measuring}
            aria-label={t("effect.name", { name })}
            onClick={() => setMeasuring(!measuring)}
          >
            {t("effect")}
          </Button>
        )}
        {may && !stopped && (
          <Button
            size="compact-sm"
            variant="default"
            aria-expanded={rehearsing}
            aria-label={t("playbooks.rehearse.name", { name })}
            onClick={() => setRehearsing(!rehearsing)}
          >
            {t("playbooks.rehearse")}
          </Button>
        )}
      </div>
      {stopped ? (
        <p className="refused">{t("playbooks.stopped", { why: stopped })}</p>
      ) : (
        <Declared playbook={playbook} />
      )}
      {measuring && (
        <div className={classes.measured}>
          <Measured name={name} />
          <Experiments playbook={playbook} may={may} open={compare} />
        </div>
      )}
      {rehearsing && <Rehearsal playbook={playbook} />}
      <RunList playbook={name} open={open} />
    </section>
  );
}

/** What it says of itself. */
function Declared({ playbook }: { playbook: Playbook }) {
  const { t } = useTexts();
  const { wakes_on, question, party, capacity, follow, name } = playbook;
  const theirs = name.startsWith("own.") ? name : undefined;
  return (
    <>
      <dl className={classes.facts}>
        <div>
          <dt>{t("playbooks.wakes")}</dt>
          <dd>
            {wakes_on === question ? (
              <Link to="/proof/$name" params={{ name: question }}>
                {question}
              </Link>
            ) : (
              <Foreign>{wakes_on}</Foreign>
            )}
          </dd>
        </div>
        <div>
          <dt>{t("playbooks.party")}</dt>
          <dd>{party === SELF ? t("playbooks.party.self") : party}</dd>
        </div>
        <div>
          <dt>{t("playbooks.capacity")}</dt>
          <dd>
            {capacity === null
              ? t("playbooks.capacity.none")
              : t("playbooks.capacity.day", { count: capacity })}
          </dd>
        </div>
        <div>
          <dt>{t("playbooks.decided")}</dt>
          <dd>
            <Decided decisions={playbook.decisions} />
          </dd>
        </div>
      </dl>
      <div className={classes.sides}>
        <Choices playbook={playbook} theirs={theirs} />
        {follow.length > 0 && (
          <div>
            <h3 className={classes.small}>{t("playbooks.steps")}</h3>
            <ol className={classes.steps}>
              {follow.map((step) => (
                <li key={step}>
                  <Foreign>{step}</Foreign>
                </li>
              ))}
            </ol>
          </div>
        )}
      </div>
    </>
  );
}

function Decided({ decisions }: Pick<Playbook, "decisions">) {
  const { t, format } = useTexts();
  const some = VERBS.filter((verb) => decisions[verb]);
  if (some.length === 0) return <span className="soft">{t("playbooks.decided.none")}</span>;
  return (
    <span className={classes.decided}>
      {some.map((verb) => (
        <span key={verb}>
          <VerbBadge verb={verb} /> <span className="num">{format.number(decisions[verb] ?? 0)}</span>
        </span>
      ))}
    </span>
  );
}

/** What it may do, at what cost, and what that is assumed to be worth. */
function Choices({ playbook, theirs }: { playbook: Playbook; theirs: string | undefined }) {
  const { t, format } = useTexts();
  const known = useQuery(questions);
  const unit = known.data?.questions.find((one) => one.name === playbook.question)?.worth_unit ?? null;
  return (
    <div>
      <h3 className={classes.small}>{t("playbooks.choices")}</h3>
      <ul className={classes.steps}>
        {playbook.choices.map(({ name, channel, channels, cost, saves, gains }) => (
          <li key={name}>
            <Foreign of={theirs}>
              {t("playbooks.choice", { name, channel: channels.join(" / ") || channel })}
            </Foreign>
            {name === playbook.usual && (
              <>
                {" "}
                <Badge tone="good">{t("playbooks.choice.usual")}</Badge>
              </>
            )}
            <span className="soft">
              {" · "}
              {[
                t("playbooks.choice.cost", { money: format.money(cost, unit) }),
                ...(saves > 0 ? [t("playbooks.choice.saves", { share: format.share(saves) })] : []),
                ...(gains > 0 ? [t("playbooks.choice.gains", { money: format.money(gains, unit) })] : []),
              ].join(", ")}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
