import type { Fold, ProofDocument } from "../../../api/shapes.ts";
import { ABOVE, across, axis, heightOf, told } from "../../../parts/chart/axes.ts";
import type { Option } from "../../../parts/chart/Canvas.tsx";
import type { Look } from "../../../parts/chart/look.ts";
import type { Texts } from "../../../texts/Texts.tsx";
import { called } from "../document.ts";
import { exact } from "../numbers.ts";

/** The lowest order shown, unless one is worse still: half of the pairs right is guessing. */
const LOWEST = 0.4;

/** Above the order of pairs stretch by stretch, below the answers; a dashed line where it was retrained. */
export function backtest(document: ProofDocument, { t, format }: Pick<Texts, "t" | "format">) {
  const { folds } = document;
  return (look: Look): Option => ({
    tooltip: { trigger: "axis", formatter: told((points) => said(points, folds, { t, format })) },
    axisPointer: { link: [{ xAxisIndex: "all" }], lineStyle: { color: look.soft } },
    grid: [
      { left: 44, right: 16, top: ABOVE, height: 170 },
      { left: 44, right: 16, top: ABOVE + 196, height: 70 },
    ],
    xAxis: [0, 1].map((gridIndex) => ({
      ...axis(look),
      gridIndex,
      type: "category",
      data: folds.map((fold) => format.day(fold.from)),
      axisLabel: { show: gridIndex === 1, color: look.soft, hideOverlap: true },
      splitLine: { show: true, interval: 0, lineStyle: { color: look.line, type: "dashed" } },
    })),
    yAxis: [
      {
        ...axis(look),
        axisLabel: { color: look.soft, formatter: format.number },
        min: (of: { min: number }) => Math.min(LOWEST, Math.floor(of.min * 10) / 10),
        max: 1,
      },
      { ...axis(look), gridIndex: 1, splitNumber: 2 },
    ],
    series: [
      line(t("proof.time.model"), folds, "auc", look, 0, across(look, { yAxis: 0.5 }, t("proof.time.guess"))),
      line(t("proof.time.attributes"), folds, "auc_attributes", look, 6),
      bars(
        called(document, "yes"),
        folds.map((fold) => fold.yes ?? 0),
        look.palette[1],
      ),
      bars(
        called(document, "no"),
        folds.map((fold) => fold.asked - (fold.yes ?? 0)),
        look.palette[3],
      ),
    ],
  });
}

function line(
  name: string,
  folds: readonly Fold[],
  of: "auc" | "auc_attributes",
  look: Look,
  color: number,
  mark = {},
) {
  const own = of === "auc";
  return {
    type: "line",
    name,
    data: folds.map((fold) => fold[of] ?? null),
    color: look.palette[color],
    symbol: own ? "circle" : "emptyCircle",
    symbolSize: own ? 7 : 5,
    lineStyle: { width: own ? 2.5 : 1.5, type: own ? "solid" : "dashed" },
    markLine: mark,
  };
}

function bars(name: string, data: number[], color: string | undefined) {
  return {
    type: "bar",
    name,
    data,
    stack: "answers",
    color,
    xAxisIndex: 1,
    yAxisIndex: 1,
    barCategoryGap: "30%",
  };
}

type Points = Parameters<Parameters<typeof told>[0]>[0];

function said(points: Points, folds: readonly Fold[], { t, format }: Pick<Texts, "t" | "format">): string {
  const fold = folds.find((one) => format.day(one.from) === points[0]?.axisValueLabel);
  const head = fold ? `${format.day(fold.from)} – ${format.day(fold.until)}` : "";
  const lines = points.map((point) => {
    const height = heightOf(point);
    const counts = height !== null && Number.isInteger(height) && height !== 1;
    return `${point.seriesName}: ${height === null ? "–" : counts ? format.number(height) : exact(format, height)}`;
  });
  return [head, ...lines, fold ? `${t("proof.time.trained")}: ${format.number(fold.trained_on)}` : ""]
    .filter(Boolean)
    .join("\n");
}
