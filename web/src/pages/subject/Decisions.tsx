import { Skeleton, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { decidedOf } from "../../api/knowledge.ts";
import type { Decided } from "../../api/shapes.ts";
import { CameOf } from "../../parts/CameOf.tsx";
import { Failed } from "../../parts/Failed.tsx";
import { Foreign } from "../../parts/Foreign.tsx";
import { Day } from "../../parts/values.tsx";
import { VerbBadge } from "../../parts/verbs.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { decidedBy } from "./asof.ts";
import classes from "./forecasts.module.css";

type DecisionsProps = { about: string; asOf: string | undefined };

/** What had been decided about it by the day one looks at, and what had come of it. */
export function Decisions({ about, asOf }: DecisionsProps) {
  const { t } = useTexts();
  const { data, error, refetch } = useQuery(decidedOf(about));
  const made = decidedBy(data ?? [], asOf);
  const later = (data?.length ?? 0) - made.length;
  return (
    <section aria-labelledby="decisions">
      <Title order={2} id="decisions">
        {t("subject.decisions")}
      </Title>
      {error && <Failed error={error} again={() => void refetch()} />}
      {data === undefined && !error && <Skeleton height={60} mt={12} />}
      {data !== undefined && made.length === 0 && (
        <p className="soft">{t(later > 0 ? "subject.decisions.later" : "subject.decisions.none")}</p>
      )}
      {made.length > 0 && (
        <ol className={classes.cards}>
          {made.map((one) => (
            <One key={one.key} one={one} />
          ))}
        </ol>
      )}
    </section>
  );
}

function One({ one }: { one: Decided }) {
  const { t } = useTexts();
  return (
    <li className={classes.card}>
      <header className={classes.head}>
        <h3>
          <Foreign>{one.choice}</Foreign> <span className="soft">· {one.playbook}</span>
        </h3>
        <Day at={one.at} />
      </header>
      <p className={classes.decision}>
        <VerbBadge verb={one.verb} />
        <span>
          <Foreign>{one.because}</Foreign>
        </span>
      </p>
      {one.outcome && (
        <>
          <p className={classes.came}>{t("outcome.title")}</p>
          <CameOf outcome={one.outcome} />
        </>
      )}
    </li>
  );
}
