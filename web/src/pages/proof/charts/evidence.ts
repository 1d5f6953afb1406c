import { ABOVE, across, axis, heightOf, told } from "../../../parts/chart/axes.ts";
import type { Option } from "../../../parts/chart/Canvas.tsx";
import type { Look } from "../../../parts/chart/look.ts";
import type { Texts } from "../../../texts/Texts.tsx";

export type Path = { name: string; points: readonly { at: string; evidence: number }[] };

/** Below a tenth nobody sees a difference. */
const LOWEST = 0.1;

/** The evidence against each thing that is watched, day by day, in tenfold steps; a dashed line where it is enough. */
export function evidence(paths: readonly Path[], needed: number, { t, format }: Pick<Texts, "t" | "format">) {
  return (look: Look): Option => ({
    tooltip: {
      trigger: "axis",
      formatter: told((found) =>
        found
          .map(
            (point) => `${point.seriesName}: ${format.number(Number((heightOf(point) ?? 0).toPrecision(2)))}`,
          )
          .join("\n"),
      ),
    },
    axisPointer: { lineStyle: { color: look.soft } },
    grid: { left: 60, right: 20, top: ABOVE, bottom: 30 },
    xAxis: { ...axis(look), type: "time" },
    yAxis: {
      ...axis(look),
      type: "log",
      min: LOWEST,
      max: (of: { max: number }) => Math.max(2 * needed, of.max),
    },
    series: paths.map((one, place) => ({
      type: "line",
      name: one.name,
      color: look.palette[place % look.palette.length],
      showSymbol: one.points.length < 8,
      data: one.points.map((point) => [point.at, Math.max(LOWEST, point.evidence)]),
      markLine: place === 0 ? across(look, { yAxis: needed }, t("proof.duty.evidence")) : {},
    })),
  });
}
