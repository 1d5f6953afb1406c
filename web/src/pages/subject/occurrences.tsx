import {
  Activity,
  ArrowLeftRight,
  Check,
  CircleDot,
  Eye,
  FileText,
  Gavel,
  type LucideIcon,
  PackageCheck,
  PenLine,
  Receipt,
  Send,
  TrendingUp,
  X,
} from "lucide-react";
import type { ReactNode } from "react";
import type { Catalog, Entity, Occurrence, Value } from "../../api/shapes.ts";
import { Foreign } from "../../parts/Foreign.tsx";
import { RefLink } from "../../parts/RefLink.tsx";
import type { Key } from "../../texts/catalogue.ts";
import { type Texts, useTexts } from "../../texts/Texts.tsx";
import { Shown } from "./Facts.tsx";
import classes from "./timeline.module.css";

/** The sign of a happening, by a word in its name: kinds of events are other people's, their words are not. */
const ICONS: readonly (readonly [RegExp, LucideIcon])[] = [
  [/^sightline\.predicted$/, TrendingUp],
  [/^sightline\.crossed$/, ArrowLeftRight],
  [/^sightline\.(found|aside)/, Eye],
  [/^sightline\.decided$/, Gavel],
  [/^sightline\.done$/, Check],
  [/^sightline\./, Activity],
  [/cancel|reject|lost|fail|clos/, X],
  [/invoice|paid|pay|bill/, Receipt],
  [/deliver|arriv|receiv|finish|complet|done/, PackageCheck],
  [/sent|order|ship|mail/, Send],
  [/describ|creat|open|regist|add/, FileText],
  [/chang|updat|revis|edit/, PenLine],
];

export function iconOf(type: string): LucideIcon {
  return ICONS.find(([pattern]) => pattern.test(type))?.[1] ?? CircleDot;
}

const OWN: Readonly<Record<string, Key>> = {
  "sightline.predicted": "subject.event.predicted",
  "sightline.crossed": "subject.event.crossed",
  "sightline.found": "subject.event.found",
  "sightline.decided": "subject.event.decided",
  "sightline.done": "subject.event.done",
  "sightline.settled": "subject.event.settled",
  "sightline.decision.settled": "outcome.title",
};

/** What happened, as people call it. */
export function useTitle(one: Occurrence, events: Catalog["events"]): string {
  const { t } = useTexts();
  const own = OWN[one.type];
  if (own !== undefined) return t(own);
  return events.find((event) => event.name === one.type)?.label ?? one.type.replaceAll(/[._]/g, " ");
}

/** What was said with it: of our own what matters, of others every fact and link. */
export function Said({ one, thing }: { one: Occurrence; thing: Entity }) {
  const texts = useTexts();
  if (one.type.startsWith("sightline.")) {
    const said = ownWords(one, texts);
    return said ? <p className={classes.said}>{said}</p> : null;
  }
  const { links, ...data } = one.data;
  const facts = Object.entries(data).filter(([, value]) => isValue(value));
  const refs = Object.entries((links ?? {}) as Record<string, string>);
  if (facts.length + refs.length === 0) return null;
  return (
    <details className={classes.more} open={facts.length + refs.length <= 6}>
      <summary>{texts.t("subject.timeline.facts", { count: facts.length + refs.length })}</summary>
      <dl className={classes.facts}>
        {refs.map(([name, ref]) => (
          <div key={name}>
            <dt>{thing.labels[name] ?? name}</dt>
            <dd>
              <RefLink to={ref} showKind={false} />
            </dd>
          </div>
        ))}
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{thing.labels[name] ?? name.replaceAll("_", " ")}</dt>
            <dd>
              <Shown value={value as Value} unit={thing.units[name]} />
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

const isValue = (value: unknown): value is Value =>
  value === null || ["string", "number", "boolean"].includes(typeof value);

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** What came of a decision, as far as was known then. */
function cameWords(data: Occurrence["data"], { t, format }: Pick<Texts, "t" | "format">): string {
  const on = text(data.happened_at);
  const happened = on ? "subject.event.came" : data.happened === true ? "subject.event.came.by" : undefined;
  const day = format.day(on || text(data.closes_at));
  const said = t(happened ?? "subject.event.came.not", { playbook: text(data.playbook), day });
  return data.early === true ? `${said} ${t("subject.event.came.early")}` : said;
}

/** What an event of our own says, in a line. */
function ownWords({ type, data }: Occurrence, { t, format }: Texts): ReactNode {
  if (type === "sightline.predicted" && typeof data.probability === "number")
    return t("subject.event.predicted.text", {
      question: text(data.question),
      chance: format.share(data.probability),
    });
  if (type === "sightline.predicted" && typeof data.quantity === "number")
    return t("subject.event.predicted.text", {
      question: text(data.question),
      chance: format.number(data.quantity),
    });
  if (type === "sightline.decision.settled") return cameWords(data, { t, format });
  const told = text(data.because) || text(data.text);
  return told ? <Foreign>{told}</Foreign> : text(data.question);
}
