import { Tooltip } from "@mantine/core";
import type { ReactNode } from "react";
import { daysBetween } from "../texts/format.ts";
import { type Texts, useTexts } from "../texts/Texts.tsx";
import "./parts.css";

/** Money in the question's unit; a dash where none is known. */
export function Money({
  value,
  unit,
  rounded,
}: {
  value: number | null | undefined;
  unit?: string | null;
  rounded?: boolean;
}) {
  const { format } = useTexts();
  if (value === null || value === undefined) return <span className="soft">–</span>;
  return <span className="num">{rounded ? format.roundMoney(value, unit) : format.money(value, unit)}</span>;
}

/** How far a moment is from another, in words: "in 12 days". */
export function inDays(from: string, to: string, t: Texts["t"]): string {
  const days = daysBetween(from, to);
  if (days === 0) return t("today.due.today");
  return days > 0 ? t("today.due.in", { count: days }) : t("today.due.ago", { count: -days });
}

/** A day, in words relative to `now` where that is given. */
export function Day({ at, now }: { at: string; now?: string | undefined }) {
  const { t, format } = useTexts();
  if (now === undefined)
    return (
      <time dateTime={at} className="num">
        {format.day(at)}
      </time>
    );
  return (
    <Tooltip label={format.day(at)}>
      <time dateTime={at} className="num">
        {inDays(now, at, t)}
      </time>
    </Tooltip>
  );
}

/** From this year on a deadline is none: a flat table is answered whenever its answer becomes known. */
const DUSK = "9000-";

/** A deadline; a dash where there is none. */
export function Due(due: { at: string; now?: string | undefined }) {
  return due.at.startsWith(DUSK) ? <span className="soft">–</span> : <Day {...due} />;
}

const percent = (part: number) => `${Math.min(Math.max(part, 0), 1) * 100}%`;

type ProbabilityProps = { value: number; low: number; high: number };
type BarProps = ProbabilityProps & { says?: string };

/** A probability with its 80 % interval as a small bar: the point is the answer, the band what it may be. */
export function Probability({ value, low, high }: ProbabilityProps) {
  const { format } = useTexts();
  return (
    <Tooltip label={useInterval({ value, low, high })}>
      <span className="chance">
        <span className="num chance-share">{format.share(value)}</span>
        <ProbabilityBar value={value} low={low} high={high} />
      </span>
    </Tooltip>
  );
}

function useInterval({ value, low, high }: ProbabilityProps): string {
  const { t, format } = useTexts();
  const [said, from, to] = [value, low, high].map(format.share) as [string, string, string];
  return t("probability.interval", { value: said, low: from, high: to });
}

/** The bar alone, as wide as its place. */
export function ProbabilityBar({ value, low, high, says }: BarProps) {
  const share = useInterval({ value, low, high });
  const said = says ?? share;
  return (
    <span className="chance-track">
      <span className="seen-by-readers">{said}</span>
      <span
        className="chance-range"
        style={{ left: percent(low), width: `calc(${percent(high)} - ${percent(low)})` }}
      />
      <span className="chance-point" style={{ left: percent(value) }} />
    </span>
  );
}

export type Tone = "good" | "warn" | "bad" | "accent" | "plain";

/** A short word with a colour; the word alone says it too. */
export function Badge({ tone = "plain", children }: { tone?: Tone; children: ReactNode }) {
  return <span className={`tone tone-${tone}`}>{children}</span>;
}

const VERDICTS: Readonly<Record<string, Tone>> = {
  use: "good",
  use_above: "accent",
  do_not_use: "bad",
  train_again: "warn",
};

/** The proof's verdict on a model in two or three words. */
export function VerdictBadge({ verdict }: { verdict: string | null }) {
  const { t } = useTexts();
  const words = {
    use: t("verdict.use"),
    use_above: t("verdict.use_above"),
    do_not_use: t("verdict.do_not_use"),
    train_again: t("verdict.train_again"),
  } as Readonly<Record<string, string>>;
  if (verdict === null) return <Badge>{t("verdict.none")}</Badge>;
  return <Badge tone={VERDICTS[verdict] ?? "plain"}>{words[verdict] ?? verdict}</Badge>;
}
