import { Skeleton, Tooltip } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useNow, useWorkspace } from "../../api/now.ts";
import { questions as allQuestions } from "../../api/queries.ts";
import type { Question } from "../../api/shapes.ts";
import { Foreign } from "../../parts/Foreign.tsx";
import { Money, VerdictBadge } from "../../parts/values.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import classes from "./today.module.css";

/** The day, and the sum of what is open. */
export function TodayLine() {
  const { t, format } = useTexts();
  const here = useWorkspace();
  const now = useNow();
  const { data } = useQuery(allQuestions);
  if (here === undefined || now === undefined) return <Skeleton height={14} width={220} mt={6} />;
  const open = data?.questions.reduce((sum, one) => sum + (one.predictions.open ?? 0), 0);
  return (
    <p className={`${classes.line} soft`}>
      {here.clock === "standing" ? (
        <Tooltip label={t("today.standing.why")} multiline w={280}>
          <span className={classes.standing}>{t("today.standing", { day: format.day(now) })}</span>
        </Tooltip>
      ) : (
        <span>{format.day(now)}</span>
      )}
      {open !== undefined && <span>{t("today.open", { count: open })}</span>}
      {data && <Risk questions={data.questions} />}
    </p>
  );
}

/** The money at risk, where all questions count it in one unit. */
function Risk({ questions }: { questions: readonly Question[] }) {
  const { t, format } = useTexts();
  const units = new Set(questions.map((one) => one.worth_unit));
  const sum = questions.reduce((total, one) => total + one.money.open_expected_loss, 0);
  if (units.size !== 1 || sum === 0) return null;
  return <span>{t("today.risk", { money: format.roundMoney(sum, [...units][0] ?? null) })}</span>;
}

type StandingProps = {
  pending: boolean;
  questions: readonly Question[];
  broken: readonly { name: string }[];
};

/** Each question with how far to trust it and what came of it so far. */
export function Standing({ pending, questions, broken }: StandingProps) {
  const { t } = useTexts();
  return (
    <div className={classes.questions}>
      {pending && <Skeleton height={40} />}
      {questions.map((one) => (
        <div key={one.name} className={classes.question}>
          <span className={classes.asks}>
            <Foreign of={one.name}>{one.asks}</Foreign>
          </span>
          <Met question={one} />
          <Link to="/proof/$name" params={{ name: one.name }} className={classes.proof ?? ""}>
            {t("today.proof")} <VerdictBadge verdict={one.verdict} />
          </Link>
        </div>
      ))}
      {broken.length > 0 && (
        <p role="alert">
          {t("today.broken", { count: broken.length, names: broken.map((one) => one.name).join(", ") })}
        </p>
      )}
    </div>
  );
}

/** What came out since: how many met which answer. */
function Met({ question }: { question: Question }) {
  const { t, format } = useTexts();
  const { yes = 0, no = 0, awaited = 0, measured = 0 } = question.predictions;
  if (yes + no + awaited + measured === 0) return <span className="soft">{t("today.met.none")}</span>;
  return (
    <span className="soft">
      {t("today.met")}{" "}
      <span className="num">
        {question.form === "quantity" ? (
          format.number(measured)
        ) : (
          <Foreign
            of={question.name}
          >{`${format.number(yes)} ${question.yes} · ${format.number(no)} ${question.no}`}</Foreign>
        )}
        {awaited > 0 && ` · ${t("today.met.awaited", { count: awaited })}`}
      </span>
    </span>
  );
}

export function Stake({
  value,
  question,
}: {
  value: number | null | undefined;
  question: Question | undefined;
}) {
  return <Money value={value} unit={question?.worth_unit ?? null} />;
}
