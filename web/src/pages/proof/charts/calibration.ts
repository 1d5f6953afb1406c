import type { Bin, ProofDocument } from "../../../api/shapes.ts";
import { ABOVE, shares } from "../../../parts/chart/axes.ts";
import type { Option } from "../../../parts/chart/Canvas.tsx";
import type { Look } from "../../../parts/chart/look.ts";
import type { Texts } from "../../../texts/Texts.tsx";
import { called } from "../document.ts";
import { points } from "../numbers.ts";

const SMALLEST = 8;
const GROWTH = 18;

/** The least tenth of one that holds every point, so that both axes run alike and the diagonal is one. */
export function extent(bins: readonly Bin[]): number {
  const far = Math.max(0.1, ...bins.flatMap((bin) => [bin.mean_probability, bin.share_yes]));
  return Math.min(1, Math.ceil(far * 10) / 10);
}

/** What it said against what came out, a dot for each tenth of the subjects, its area by how many they are. */
export function calibration(document: ProofDocument, { t, format }: Pick<Texts, "t" | "format">) {
  const { reliability, metrics } = document;
  const end = extent(reliability);
  const most = Math.max(1, ...reliability.map((bin) => bin.subjects));
  const yes = called(document, "yes");
  return (look: Look): Option => ({
    tooltip: { trigger: "item" },
    grid: { left: 60, right: 20, top: ABOVE, bottom: 48 },
    legend: { data: [t("proof.chance.model"), t("proof.chance.perfect"), t("proof.chance.usual")] },
    xAxis: { ...shares(look, format, t("proof.chance.said")), min: 0, max: end },
    yAxis: { ...shares(look, format, t("proof.chance.was", { yes }), 44), min: 0, max: end },
    series: [
      ...band(look, t("proof.chance.usual"), metrics.calibration_floor ?? 0, end),
      {
        type: "line",
        name: t("proof.chance.perfect"),
        data: [
          [0, 0],
          [end, end],
        ],
        symbol: "none",
        silent: true,
        color: look.soft,
        lineStyle: { type: "dashed", width: 1 },
      },
      {
        type: "scatter",
        name: t("proof.chance.model"),
        color: look.palette[0],
        z: 5,
        data: reliability.map((bin) => [bin.mean_probability, bin.share_yes, bin.subjects]),
        symbolSize: (value: number[]) => SMALLEST + GROWTH * Math.sqrt((value[2] ?? 0) / most) * 0.6,
        itemStyle: { borderColor: look.surface, borderWidth: 1.5 },
        tooltip: {
          formatter: ({ value }: { value: [number, number, number] }) =>
            `${t("proof.chance.said")}: ${points(format, value[0])} %\n${t("proof.chance.was", { yes })}: ${points(
              format,
              value[1],
            )} %\n${t("proof.chance.subjects")}: ${format.number(value[2])}`,
        },
      },
    ],
  });
}

/** What lies within the floor of the diagonal: the lower edge drawn unseen, the width stacked upon it. */
function band(look: Look, name: string, floor: number, end: number) {
  const steps = Array.from({ length: 41 }, (_, step) => (end * step) / 40);
  const common = {
    type: "line",
    stack: "band",
    symbol: "none",
    silent: true,
    lineStyle: { opacity: 0 },
    color: look.palette[3],
  };
  return [
    { ...common, name: "", data: steps.map((x) => [x, Math.max(0, x - floor)]) },
    {
      ...common,
      name,
      data: steps.map((x) => [x, Math.min(end, x + floor) - Math.max(0, x - floor)]),
      areaStyle: { color: look.palette[3], opacity: 0.18 },
    },
  ];
}
