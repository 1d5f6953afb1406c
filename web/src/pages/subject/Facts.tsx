import { Title, Tooltip } from "@mantine/core";
import { History, Lock } from "lucide-react";
import type { Entity, Kind, Value } from "../../api/shapes.ts";
import { Money } from "../../parts/values.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { type Fact, facts, laterFacts } from "./asof.ts";
import classes from "./subject.module.css";

type FactsProps = { then: Entity; now: Entity; past: boolean; declared: Kind | undefined };

/** The attributes, as they are or as they were known, with what has changed since. */
export function Facts({ then, now, past, declared }: FactsProps) {
  const { t } = useTexts();
  const order = declared?.attributes.map((one) => one.name) ?? [];
  const personal = new Set(declared?.attributes.filter((one) => one.personal).map((one) => one.name));
  const known = facts(then.attributes, now.attributes, order);
  const later = past ? laterFacts(then.attributes, now.attributes) : 0;
  return (
    <section aria-labelledby="facts">
      <Title order={2} id="facts">
        {t("subject.facts")}
      </Title>
      {known.length === 0 && <p className="soft">{t("subject.facts.none")}</p>}
      <dl className={classes.list}>
        {known.map((fact) => (
          <div key={fact.name} data-changed={(past && fact.now !== undefined) || undefined}>
            <dt>
              {now.labels[fact.name] ?? fact.name.replaceAll("_", " ")}
              {personal.has(fact.name) && <Personal />}
            </dt>
            <dd>
              <Shown value={fact.value} unit={now.units[fact.name]} />
              {past && <Since fact={fact} unit={now.units[fact.name]} />}
            </dd>
          </div>
        ))}
      </dl>
      {later > 0 && <p className={classes.later}>{t("subject.facts.later", { count: later })}</p>}
    </section>
  );
}

function Personal() {
  const { t } = useTexts();
  return (
    <Tooltip label={t("subject.personal.why")}>
      <span className={classes.personal}>
        <Lock size={11} aria-hidden /> {t("subject.personal")}
      </span>
    </Tooltip>
  );
}

/** What it has become since the day one looks at. */
function Since({ fact, unit }: { fact: Fact; unit: string | undefined }) {
  const { t } = useTexts();
  if (fact.now === undefined) return null;
  return (
    <span className={classes.since}>
      <History size={12} aria-hidden />
      {t("subject.facts.now")} <Shown value={fact.now} unit={unit} />
    </span>
  );
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** Whole money as everywhere; prices with cents keep them. */
function Price({ value, unit }: { value: number; unit: string }) {
  const { format } = useTexts();
  if (Number.isInteger(value)) return <Money value={value} unit={unit} />;
  const price = { style: "currency", currency: unit, currencyDisplay: "narrowSymbol" } as const;
  return <span className="num">{value.toLocaleString(format.locale, price)}</span>;
}

const CURRENCY = /^[A-Z]{3}$/;

/** A value as people write it: money, numbers with their unit, days, yes and no. */
export function Shown({ value, unit }: { value: Value; unit?: string | undefined }) {
  const { t, format } = useTexts();
  if (value === null) return <span className="soft">{t("subject.value.none")}</span>;
  if (typeof value === "boolean") return t(value ? "subject.value.true" : "subject.value.false");
  if (typeof value === "number")
    return unit !== undefined && CURRENCY.test(unit) ? (
      <Price value={value} unit={unit} />
    ) : (
      <span className="num">
        {format.number(value)}
        {unit && ` ${unit}`}
      </span>
    );
  return DAY.test(value) ? <span className="num">{format.day(value)}</span> : value;
}
