import type { Side, Tail } from "../../../api/shapes.ts";
import { across, FAR_ABOVE, heightOf, shares, told } from "../../../parts/chart/axes.ts";
import type { Option } from "../../../parts/chart/Canvas.tsx";
import type { Look } from "../../../parts/chart/look.ts";
import type { Texts } from "../../../texts/Texts.tsx";
import { points } from "../numbers.ts";

const tenth = (share: number) => Math.floor(share * 10) / 10;

/** Precision and its lower bound at each line that was tried, the kept range shaded; below, the share beyond it. */
export function lines(side: Side, tails: readonly Tail[], { t, format }: Pick<Texts, "t" | "format">) {
  const rising = [...tails].sort((a, b) => a.line - b.line);
  const from = tenth(Math.min(0.5, ...rising.map((one) => one.line)));
  const lowest = tenth(Math.min(side.promise, ...rising.map((one) => one.bound)) - 0.02);
  const name = t("proof.lines.line", { called: side.called });
  return (look: Look): Option => ({
    tooltip: {
      trigger: "axis",
      formatter: told((found) => {
        const at = Array.isArray(found[0]?.value) ? Number(found[0].value[0]) : 0;
        const said = found.map((point) => `${point.seriesName}: ${points(format, heightOf(point) ?? 0)} %`);
        return [`${name}: ${points(format, at)} %`, ...said].join("\n");
      }),
    },
    axisPointer: { link: [{ xAxisIndex: "all" }], lineStyle: { color: look.soft } },
    grid: [
      { left: 60, right: 20, top: FAR_ABOVE, height: 170 },
      { left: 60, right: 20, top: FAR_ABOVE + 196, height: 70 },
    ],
    xAxis: [0, 1].map((gridIndex) => {
      const drawn = shares(look, format, gridIndex ? name : "");
      return {
        ...drawn,
        gridIndex,
        min: from,
        max: 1,
        axisLabel: { ...drawn.axisLabel, show: gridIndex === 1 },
      };
    }),
    yAxis: [
      { ...shares(look, format, ""), min: Math.max(0, lowest), max: 1, splitNumber: 4 },
      { ...shares(look, format, ""), gridIndex: 1, min: 0, max: 1, splitNumber: 2 },
    ],
    series: [
      {
        ...drawn(t("proof.lines.precision"), rising, "precision", look.palette[0]),
        lineStyle: { width: 2.5 },
        markLine: across(
          look,
          { yAxis: side.promise },
          `${t("proof.lines.promise")} ${format.share(side.promise)}`,
          false,
        ),
        markArea: kept(side, look),
      },
      {
        ...drawn(t("proof.lines.bound"), rising, "bound", look.palette[1]),
        lineStyle: { width: 1.5, type: "dashed" },
      },
      {
        ...drawn(t("proof.lines.coverage"), rising, "coverage", look.palette[3]),
        xAxisIndex: 1,
        yAxisIndex: 1,
        areaStyle: { opacity: 0.25 },
        markArea: kept(side, look),
      },
    ],
  });
}

function drawn(
  name: string,
  tails: readonly Tail[],
  of: "precision" | "bound" | "coverage",
  color: string | undefined,
) {
  return {
    type: "line",
    name,
    color,
    symbol: "circle",
    symbolSize: 4,
    showSymbol: tails.length < 8,
    data: tails.map((one) => [one.line, one[of]]),
  };
}

function kept({ line }: Side, look: Look) {
  if (line === null) return {};
  return {
    silent: true,
    itemStyle: { color: look.palette[2], opacity: 0.12 },
    data: [[{ xAxis: line }, { xAxis: 1 }]],
  };
}
