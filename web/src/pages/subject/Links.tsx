import { Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronRight, History } from "lucide-react";
import { catalog } from "../../api/knowledge.ts";
import type { Entity } from "../../api/shapes.ts";
import { RefLink } from "../../parts/RefLink.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { facts } from "./asof.ts";
import classes from "./subject.module.css";

type LinksProps = { then: Entity; now: Entity; past: boolean };

/** What it points at, and what points at it. */
export function Links({ then, now, past }: LinksProps) {
  const { t } = useTexts();
  const out = facts(then.links, now.links, Object.keys(now.links));
  const into = Object.entries(then.linked_from);
  if (out.length === 0 && into.length === 0) return null;
  return (
    <section aria-labelledby="links">
      <Title order={2} id="links">
        {t("subject.links")}
      </Title>
      <dl className={classes.list}>
        {out.map(({ name, value, now: since }) => (
          <div key={name} data-changed={(past && since !== undefined) || undefined}>
            <dt>{now.labels[name] ?? name}</dt>
            <dd className={classes.refs}>
              <RefLink to={String(value)} showKind={false} />
              {past && typeof since === "string" && (
                <span className={classes.since}>
                  <History size={12} aria-hidden /> {t("subject.facts.now")}{" "}
                  <RefLink to={since} showKind={false} />
                </span>
              )}
            </dd>
          </div>
        ))}
      </dl>
      {into.length > 0 && <Into about={now.ref} counts={into} past={past} />}
    </section>
  );
}

function Into({ about, counts, past }: { about: string; counts: [string, number][]; past: boolean }) {
  const { t } = useTexts();
  const { data } = useQuery(catalog);
  return (
    <>
      <h3 className={classes.sub}>{t("subject.links.in")}</h3>
      <ul className={classes.into}>
        {counts.map(([kind, things]) => (
          <li key={kind}>
            <Link to="/kind/$kind" params={{ kind }} search={{ linked_to: about }}>
              <span>{data?.kinds.find((one) => one.name === kind)?.label ?? kind}</span>
              <CountOf things={things} />
              <ChevronRight size={14} aria-hidden />
            </Link>
          </li>
        ))}
      </ul>
      {past && <p className={classes.later}>{t("subject.links.in.now")}</p>}
    </>
  );
}

function CountOf({ things }: { things: number }) {
  const { format } = useTexts();
  return <span className="num">{format.number(things)}</span>;
}
