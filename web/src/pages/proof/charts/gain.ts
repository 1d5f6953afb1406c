import type { Caught, Money } from "../../../api/shapes.ts";
import { ABOVE, across, heightOf, shares, told } from "../../../parts/chart/axes.ts";
import type { Option } from "../../../parts/chart/Canvas.tsx";
import type { Look } from "../../../parts/chart/look.ts";
import type { Texts } from "../../../texts/Texts.tsx";
import { points } from "../numbers.ts";

/** How much of the money has been met, going down the list. */
export function gain(money: Money, { t, format }: Pick<Texts, "t" | "format">) {
  const curve = money.curve ?? [];
  return (look: Look): Option => ({
    tooltip: {
      trigger: "axis",
      formatter: told((found) => {
        const at = Array.isArray(found[0]?.value) ? Number(found[0].value[0]) : 0;
        const lines = found.map((point) => `${point.seriesName}: ${points(format, heightOf(point) ?? 0)} %`);
        return [`${t("proof.gain.subjects")}: ${points(format, at)} %`, ...lines].join("\n");
      }),
    },
    grid: { left: 60, right: 20, top: ABOVE, bottom: 48 },
    xAxis: { ...shares(look, format, t("proof.gain.subjects")), min: 0, max: 1 },
    yAxis: { ...shares(look, format, t("proof.gain.money"), 44), min: 0, max: 1 },
    series: [
      {
        ...drawn(t("proof.gain.loss"), curve, "by_expected_loss", look.palette[0]),
        lineStyle: { width: 2.5 },
        markLine: across(look, { xAxis: money.top }, t("proof.gain.top"), false),
      },
      {
        ...drawn(t("proof.gain.worth"), curve, "by_worth", look.palette[1]),
        lineStyle: { width: 1.5, type: [6, 3] },
      },
      {
        type: "line",
        name: t("proof.gain.random"),
        symbol: "none",
        color: look.palette[6],
        lineStyle: { width: 1, type: "dotted" },
        data: curve.map((one) => [one.subjects, one.subjects]),
      },
    ],
  });
}

function drawn(
  name: string,
  curve: readonly Caught[],
  by: "by_expected_loss" | "by_worth",
  color: string | undefined,
) {
  return { type: "line", name, symbol: "none", color, data: curve.map((one) => [one.subjects, one[by]]) };
}
