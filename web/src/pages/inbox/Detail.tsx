import { Skeleton, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { askedOne } from "../../api/asked.ts";
import { isUnknown } from "../../api/knowledge.ts";
import { useNow } from "../../api/now.ts";
import { questions } from "../../api/queries.ts";
import { useMayOperate } from "../../api/rights.ts";
import type { Asked, Question } from "../../api/shapes.ts";
import { CameOf } from "../../parts/CameOf.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { Failed } from "../../parts/Failed.tsx";
import { Around, Foreign } from "../../parts/Foreign.tsx";
import { RefLink } from "../../parts/RefLink.tsx";
import { Refused } from "../../parts/Refused.tsx";
import { Due, Money } from "../../parts/values.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { Answer } from "./Answer.tsx";
import { Draft } from "./Draft.tsx";
import classes from "./inbox.module.css";
import { hasEnded } from "./search.ts";
import { StateBadge, useWho } from "./states.tsx";
import { type Act, useAnswer } from "./useAnswer.ts";
import { useDraft } from "./useDraft.ts";

export type Drafted = {
  /** The draft as it was changed here; undefined where it was not. */
  draft: string | undefined;
  write: (text: string | undefined) => void;
};

type DetailProps = {
  id: string;
  /** As the list tells it, to be shown until it is read. */
  listed: Asked | undefined;
  /** The server has taken it, wherever one is meanwhile. */
  taken: (act: Act, item: Asked) => void;
  /** And it is still this that one looks at. */
  goOn: (act: Act, item: Asked) => void;
  /** Whether its keys are listened to. */
  keys: boolean;
};

/** Everything that is needed to decide about one thing, and the decision. */
export function Detail({ id, listed, taken, goOn, keys }: DetailProps) {
  const { t } = useTexts();
  const [draft, write] = useDraft(id);
  const found = useQuery({ ...askedOne(id), ...(listed && { placeholderData: listed }) });
  const answer = useAnswer(id, (act, item) => {
    // What was approved was sent; what was rejected is not wanted any more.
    if (hasEnded(item.state)) write(undefined);
    taken(act, item);
  });
  const send = (act: Act) => answer.mutate(act, { onSuccess: (told) => goOn(act, told) });
  const item = found.data;
  if (isUnknown(found.error)) return <Empty title={t("inbox.gone")}>{t("inbox.gone.text")}</Empty>;
  if (found.error && !item) return <Failed error={found.error} again={() => void found.refetch()} />;
  return (
    <aside className={classes.detail} aria-label={t("inbox.detail")} aria-busy={item === undefined}>
      {item ? (
        <Whole item={item} draft={draft} write={write} answer={answer} send={send} keys={keys} />
      ) : (
        <Skeleton height={320} />
      )}
    </aside>
  );
}

type WholeProps = Drafted & {
  item: Asked;
  answer: ReturnType<typeof useAnswer>;
  send: (act: Act) => void;
  keys: boolean;
};

function Whole({ item, draft, write, answer, send, keys }: WholeProps) {
  const { t, format } = useTexts();
  const may = useMayOperate();
  const known = useQuery(questions);
  const question = known.data?.questions.find((one) => one.name === item.question);
  const waits = !hasEnded(item.state);
  return (
    <>
      <div className={classes.head}>
        <Title order={2}>
          <RefLink to={item.subject} />
        </Title>
        {item.state === "snoozed" && <StateBadge item={item} />}
      </div>
      <Proposal item={item} />
      {!waits && <Ended item={item} />}
      {!waits && <Refused error={answer.error} />}
      {!waits && item.outcome && (
        <Part title={t("outcome.title")}>
          <CameOf outcome={item.outcome} />
        </Part>
      )}
      <Figures item={item} question={question} />
      <Draft item={item} draft={draft} write={write} may={may && waits} />
      <Part title={t("inbox.because")}>
        <p>
          <Foreign>{item.because}</Foreign>
        </p>
      </Part>
      {item.reasons.length > 0 && (
        <Part title={t("inbox.reasons")}>
          <ul className={classes.reasons}>
            {item.reasons.map((one) => (
              <li key={one}>
                <Foreign>{one}</Foreign>
              </li>
            ))}
          </ul>
        </Part>
      )}
      {waits && <p>{t(`inbox.default.${item.by_default}`, { day: format.moment(item.due_at) })}</p>}
      <Ways item={item} />
      {waits && may && <Answer item={item} draft={draft} answer={answer} send={send} keys={keys} />}
      {waits && !may && <p className="soft">{t("inbox.viewer")}</p>}
    </>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <>
      <Title order={3} className={classes.small ?? ""}>
        {title}
      </Title>
      {children}
    </>
  );
}

/** What would be done, by which way, to whom; and whose decision it is. */
function Proposal({ item }: { item: Asked }) {
  const { t } = useTexts();
  const { choice, channel, party, assignee } = item;
  return (
    <p className={classes.proposal}>
      <Around
        word={choice}
        sentence={(word) => t("inbox.proposal", { choice: word, channel, party: party.replace("/", " ") })}
      />
      {assignee && <span className="soft"> · {t("inbox.assignee", { name: assignee })}</span>}
    </p>
  );
}

function Ended({ item }: { item: Asked }) {
  const { t, format } = useTexts();
  const who = useWho();
  if (item.state === "open" || item.state === "snoozed") return null;
  const day = format.day(item.ended_at ?? item.due_at);
  return (
    <p className={classes.ended}>
      {t(`inbox.ended.${item.state}`, { day, name: who(item) })}
      {item.why && item.state !== "expired" && <span className="soft">: {item.why}</span>}
    </p>
  );
}

function Figures({ item, question }: { item: Asked; question: Question | undefined }) {
  const { t, format } = useTexts();
  const now = useNow();
  const unit = question?.worth_unit ?? null;
  const chance = question ? (
    <Around of={question.name} word={question.yes} sentence={(word) => t("inbox.chance.of", { word })} />
  ) : (
    t("inbox.column.chance")
  );
  return (
    <dl className={classes.figures}>
      <div title={t("inbox.value.why")}>
        <dt>{t("inbox.value")}</dt>
        <dd>
          <Money value={item.value} unit={unit} />
        </dd>
      </div>
      <div>
        <dt>{t("inbox.column.stake")}</dt>
        <dd>
          <Money value={item.worth} unit={unit} />
        </dd>
      </div>
      {item.probability !== null && (
        <div>
          <dt>{chance}</dt>
          <dd className="num">{format.share(item.probability)}</dd>
        </div>
      )}
      <div>
        <dt>{t("inbox.due")}</dt>
        <dd>
          <Due at={item.due_at} now={now} />
        </dd>
      </div>
    </dl>
  );
}

/** Where to look further. */
function Ways({ item }: { item: Asked }) {
  const { t, format } = useTexts();
  const { subject, question, playbook, cutoff, made_at, run } = item;
  return (
    <>
      <p className={classes.ways}>
        <Link to="/subject/$" params={{ _splat: subject }}>
          {t("inbox.open", { subject })}
        </Link>
        {run && (
          <Link to="/playbooks" search={{ run }}>
            {t("inbox.run")}
          </Link>
        )}
        {question && (
          <Link to="/proof/$name" params={{ name: question }}>
            {t("inbox.proof")}
          </Link>
        )}
      </p>
      <p className={`${classes.made} soft`}>
        {t("inbox.playbook", { name: playbook })} ·{" "}
        {cutoff
          ? t("inbox.asked", { day: format.day(made_at), cutoff: format.day(cutoff) })
          : t("inbox.asked.plain", { day: format.day(made_at) })}
      </p>
    </>
  );
}
