import { Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { catalog } from "../../api/knowledge.ts";
import type { Entity, Occurrence } from "../../api/shapes.ts";
import { daysBetween } from "../../texts/format.ts";
import { useTexts } from "../../texts/Texts.tsx";
import { byDay, isUndated } from "./asof.ts";
import { iconOf, Said, useTitle } from "./occurrences.tsx";
import classes from "./timeline.module.css";

type TimelineProps = { thing: Entity; past: boolean; later: number };

/** What happened, by day, the newest first; when it became known is told where that was another day. */
export function Timeline({ thing, past, later }: TimelineProps) {
  const { t } = useTexts();
  const days = byDay(thing.timeline);
  return (
    <section aria-labelledby="timeline">
      <Title order={2} id="timeline">
        {t("subject.timeline")}
      </Title>
      {past && later > 0 && <p className={classes.later}>{t("subject.timeline.later", { count: later })}</p>}
      {days.length === 0 && <p className="soft">{t("subject.timeline.none")}</p>}
      <ol className={classes.days}>
        {days.map(({ day, occurrences }) => (
          <li key={day}>
            <Heading day={day} />
            <ol className={classes.day}>
              {occurrences.map((one) => (
                <Happened key={one.position} one={one} thing={thing} />
              ))}
            </ol>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Heading({ day }: { day: string }) {
  const { t, format } = useTexts();
  return (
    <h3 className={classes.heading}>
      {isUndated(day) ? t("subject.timeline.undated") : <time dateTime={day}>{format.day(day)}</time>}
    </h3>
  );
}

function Happened({ one, thing }: { one: Occurrence; thing: Entity }) {
  const { data } = useQuery(catalog);
  const title = useTitle(one, data?.events ?? []);
  const Icon = iconOf(one.type);
  return (
    <li className={classes.one} data-own={one.type.startsWith("sightline.") || undefined}>
      <span className={classes.icon}>
        <Icon size={14} aria-hidden />
      </span>
      <div>
        <p className={classes.title}>
          {title} <Recorded one={one} />
        </p>
        <Said one={one} thing={thing} />
      </div>
    </li>
  );
}

function Recorded({ one }: { one: Occurrence }) {
  const { t } = useTexts();
  const days = daysBetween(one.time, one.known_at);
  if (days <= 0 || isUndated(one.time)) return null;
  return <span className={classes.recorded}>{t("subject.timeline.recorded", { count: days })}</span>;
}
