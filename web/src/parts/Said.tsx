import { Tooltip } from "@mantine/core";
import type { Prediction } from "../api/shapes.ts";
import { type Texts, useTexts } from "../texts/Texts.tsx";
import { Probability, ProbabilityBar } from "./values.tsx";

export type Answer = Pick<Prediction, "probability" | "quantity" | "low" | "high" | "unit">;

/** Digits behind the point, by size: people read 0.4, 4.2 and 42. */
function rounded(value: number): number {
  const size = Math.abs(value);
  const digits = size >= 10 ? 0 : size >= 1 ? 1 : 2;
  return Number(value.toFixed(digits));
}

/** A quantity with its unit: 12 days, US$ 1,204. */
export function amount(value: number, unit: string | null | undefined, { t, format }: Said): string {
  if (unit === "days") return t("quantity.days", { count: rounded(value) });
  return Math.abs(value) < 100 && !unit?.match(/^[A-Z]{3}$/)
    ? `${format.number(rounded(value))}${unit ? ` ${unit}` : ""}`
    : format.money(value, unit);
}

type Said = Pick<Texts, "t" | "format">;

/** What was said, in short: a share or an amount. */
export function useAmount(): (value: number, unit?: string | null) => string {
  const { t, format } = useTexts();
  return (value, unit) => amount(value, unit, { t, format });
}

/** What a reason speaks for and against: the answers by their names, of a quantity more and less. */
export function useWays({ form, yes, no }: Pick<Prediction, "form" | "yes" | "no">): [string, string] {
  const { t } = useTexts();
  return form === "quantity" ? [t("quantity.more"), t("quantity.less")] : [yes, no];
}

/** An answer with its interval as a small bar. */
export function SaidAnswer({ one }: { one: Answer }) {
  const told = useAmount();
  const interval = useQuantityInterval(one);
  if (one.quantity === null)
    return <Probability value={one.probability ?? 0} low={one.low} high={one.high} />;
  return (
    <Tooltip label={interval}>
      <span className="chance quantity">
        <span className="num chance-share">{told(one.quantity, one.unit)}</span>
        <SaidBar one={one} />
      </span>
    </Tooltip>
  );
}

function useQuantityInterval({ quantity, low, high, unit }: Answer): string {
  const { t } = useTexts();
  const told = useAmount();
  return t("quantity.interval", { value: told(quantity ?? 0, unit), low: told(low), high: told(high, unit) });
}

/** The bar alone. Of a quantity it runs from nothing to the end of the interval. */
export function SaidBar({ one }: { one: Answer }) {
  const interval = useQuantityInterval(one);
  if (one.quantity === null)
    return <ProbabilityBar value={one.probability ?? 0} low={one.low} high={one.high} />;
  const from = Math.min(0, one.low);
  const along = (value: number) => (value - from) / (Math.max(one.high, one.quantity ?? 0) - from || 1);
  return (
    <ProbabilityBar value={along(one.quantity)} low={along(one.low)} high={along(one.high)} says={interval} />
  );
}
