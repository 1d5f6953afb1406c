import type { Format } from "../../texts/format.ts";
import type { Look } from "./look.ts";

/** What every axis looks like. */
export function axis(look: Look) {
  return {
    axisLine: { lineStyle: { color: look.line } },
    axisTick: { show: false },
    axisLabel: { color: look.soft, hideOverlap: true },
    splitLine: { lineStyle: { color: look.line } },
    nameTextStyle: { color: look.soft },
  };
}

/** An axis of shares, named in the middle. */
export function shares(look: Look, format: Format, name: string, gap = 30) {
  return {
    ...axis(look),
    type: "value",
    name,
    nameLocation: "middle",
    nameGap: gap,
    axisLabel: { color: look.soft, hideOverlap: true, formatter: (share: number) => format.share(share) },
  };
}

/** What a legend takes away from the chart, in one row or in two. */
export const ABOVE = 46;
export const FAR_ABOVE = 60;

/** A dashed line across the chart with a word on it. */
export function across(look: Look, at: { xAxis: number } | { yAxis: number }, word: string, end = true) {
  return {
    silent: true,
    symbol: "none",
    lineStyle: { color: look.soft, type: "dashed", width: 1 },
    label: {
      formatter: word,
      color: look.soft,
      position: "xAxis" in at ? "insideStartTop" : end ? "insideEndTop" : "insideStartTop",
      ...("xAxis" in at ? { rotate: 0, align: "left", padding: [0, 0, 0, 10] } : {}),
    },
    data: [at],
  };
}

type Hovered = { seriesName: string; value: unknown; axisValueLabel?: string };

/** What a tooltip over a column says, from its points; ECharts hands over one or many. */
export function told(write: (points: readonly Hovered[]) => string) {
  return (points: Hovered | readonly Hovered[]): string =>
    write(Array.isArray(points) ? points : [points as Hovered]);
}

/** The last number of a point: its height. */
export function heightOf(point: Hovered): number | null {
  const value = Array.isArray(point.value) ? (point.value.at(-1) as unknown) : point.value;
  return typeof value === "number" ? value : null;
}
