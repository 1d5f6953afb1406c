import { ABOVE, across, axis, heightOf, told } from "../../parts/chart/axes.ts";
import type { Option } from "../../parts/chart/Canvas.tsx";
import type { Look } from "../../parts/chart/look.ts";
import type { Texts } from "../../texts/Texts.tsx";
import { type Between, change } from "./figures.ts";

export type Point = { at: string; difference: number; interval: Between };
export type Series = { name: string; points: readonly Point[] };

/** Differences over time, each with the band that its interval was; a dashed line where nothing changes. */
export function sequence(series: readonly Series[], { t, format }: Pick<Texts, "t" | "format">) {
  return (look: Look): Option => ({
    tooltip: {
      trigger: "axis",
      formatter: told((points) =>
        points
          .filter(({ seriesName }) => seriesName !== "")
          .map((point) => `${point.seriesName}: ${change(format, heightOf(point) ?? 0)}`)
          .join("\n"),
      ),
    },
    grid: { left: 56, right: 16, top: series.length > 1 ? ABOVE : 12, bottom: 28 },
    ...(series.length > 1
      ? { legend: { data: series.map(({ name }) => name) } }
      : { legend: { show: false } }),
    xAxis: {
      ...axis(look),
      type: "time",
      axisLabel: {
        color: look.soft,
        hideOverlap: true,
        formatter: (at: number) => format.day(new Date(at).toISOString()),
      },
    },
    yAxis: {
      ...axis(look),
      type: "value",
      axisLabel: { color: look.soft, formatter: (share: number) => format.share(share) },
    },
    series: series.flatMap((one, place) => [
      ...band(one, look, place),
      {
        type: "line",
        name: one.name,
        color: look.palette[place % look.palette.length],
        symbolSize: 5,
        z: 5,
        data: one.points.map(({ at, difference }) => [at, difference]),
        ...(place === 0 ? { markLine: across(look, { yAxis: 0 }, t("effect.chart.zero")) } : {}),
      },
    ]),
  });
}

/** The lower edge drawn unseen, the width stacked upon it, whichever side of zero they lie on. */
function band({ name, points }: Series, look: Look, place: number) {
  const common = {
    type: "line",
    name: "",
    stack: `band of ${name}`,
    stackStrategy: "all",
    symbol: "none",
    silent: true,
    lineStyle: { opacity: 0 },
    color: look.palette[place % look.palette.length],
  };
  return [
    { ...common, data: points.map(({ at, interval }) => [at, interval.low]) },
    {
      ...common,
      areaStyle: { opacity: 0.16 },
      data: points.map(({ at, interval }) => [at, interval.high - interval.low]),
    },
  ];
}
