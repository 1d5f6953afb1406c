import { Skeleton } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { catalog, entity, isUnknown } from "../../api/knowledge.ts";
import { useNow } from "../../api/now.ts";
import type { Entity, Kind } from "../../api/shapes.ts";
import { Empty } from "../../parts/Empty.tsx";
import { Failed } from "../../parts/Failed.tsx";
import { Page } from "../../parts/Page.tsx";
import { parseRef } from "../../parts/RefLink.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { isUndated, spanOf } from "./asof.ts";
import { DaySlider } from "./DaySlider.tsx";
import { Decisions } from "./Decisions.tsx";
import { Facts } from "./Facts.tsx";
import { Forecasts } from "./Forecasts.tsx";
import { Links } from "./Links.tsx";
import classes from "./subject.module.css";
import { Timeline } from "./Timeline.tsx";
import { Unknown } from "./Unknown.tsx";

/** Anything that is known of, as it is or as it was known on a day. */
export function Subject() {
  const { _splat: ref = "" } = useParams({ from: "/shell/subject/$" });
  // A new subject is a new page: its heading takes the focus and nothing of the former one lingers.
  return <One key={ref} about={ref} />;
}

function One({ about }: { about: string }) {
  const { kind, key } = parseRef(about);
  const { as_of } = useSearch({ from: "/shell/subject/$" });
  const now = useNow();
  const today = useQuery(entity(kind, key));
  const kinds = useQuery(catalog);
  const declared = kinds.data?.kinds.find((one) => one.name === kind);
  if (isUnknown(today.error)) return <Unknown kind={kind} name={key} />;
  if (today.error !== null)
    return (
      <Page title={about}>
        <Failed error={today.error} again={() => void today.refetch()} />
      </Page>
    );
  return (
    <Page title={key} lead={<Lead kind={declared?.label ?? kind} name={kind} thing={today.data} />}>
      {today.data === undefined || now === undefined ? (
        <Loading />
      ) : (
        <Known about={about} today={today.data} now={now} asOf={as_of} declared={declared} />
      )}
    </Page>
  );
}

function Lead({ kind, name, thing }: { kind: string; name: string; thing: Entity | undefined }) {
  const { t, format } = useTexts();
  return (
    <p className={classes.lead}>
      <Link to="/kind/$kind" params={{ kind: name }}>
        {kind}
      </Link>
      {thing && (
        <span className="soft">
          {isUndated(thing.first_known)
            ? t("subject.since.start")
            : t("subject.since", { day: format.day(thing.first_known) })}
        </span>
      )}
    </p>
  );
}

type KnownProps = {
  about: string;
  today: Entity;
  now: string;
  asOf: string | undefined;
  declared: Kind | undefined;
};

function Known({ about, today, now, asOf, declared }: KnownProps) {
  const { kind, key } = parseRef(about);
  const then = useQuery({
    ...entity(kind, key, asOf),
    enabled: asOf !== undefined,
    placeholderData: keepPreviousData,
  });
  const past = asOf !== undefined;
  const shown = past ? then.data : today;
  return (
    <>
      <DaySlider thing={today} span={spanOf(today, now)} now={now} asOf={asOf} />
      <Body
        waiting={past && then.isFetching}
        error={past ? then.error : null}
        again={() => void then.refetch()}
      >
        {shown && (
          <div className={classes.columns}>
            <div className={classes.main}>
              <Forecasts about={about} asOf={asOf} now={now} />
              <Decisions about={about} asOf={asOf} />
              <Timeline thing={shown} past={past} later={today.timeline.length - shown.timeline.length} />
            </div>
            <aside className={classes.facts}>
              <Facts then={shown} now={today} past={past} declared={declared} />
              <Links then={shown} now={today} past={past} />
            </aside>
          </div>
        )}
      </Body>
    </>
  );
}

type BodyProps = { waiting: boolean; error: unknown; again: () => void; children: ReactNode };

function Body({ waiting, error, again, children }: BodyProps) {
  const { t } = useTexts();
  if (isUnknown(error)) return <Empty title={t("subject.before")}>{t("subject.before.text")}</Empty>;
  if (error) return <Failed error={error} again={again} />;
  return children ? (
    <div className={classes.body} data-waiting={waiting || undefined} aria-busy={waiting}>
      {children}
    </div>
  ) : (
    <Loading />
  );
}

function Loading() {
  return (
    <div className={classes.columns} aria-busy>
      <div className={classes.main}>
        <Skeleton height={150} mb={24} />
        <Skeleton height={20} width="40%" mb={12} />
        <Skeleton height={200} />
      </div>
      <div className={classes.facts}>
        <Skeleton height={300} />
      </div>
    </div>
  );
}
