import type { Habit } from "../../api/shapes.ts";
import { across, axis, told } from "../../parts/chart/axes.ts";
import type { Option } from "../../parts/chart/Canvas.tsx";
import type { Look } from "../../parts/chart/look.ts";
import type { Texts } from "../../texts/Texts.tsx";
import { exactShare } from "./figures.ts";

export type Place = Habit["places"][number];

/** What can be told: too little was sent, none is better beyond doubt, or one is. */
export function toldOf({ seen, needed, best }: Pick<Habit, "seen" | "needed" | "best">) {
  return seen < needed ? "little" : best === null ? "none" : "best";
}

/** The share of success at each place with its interval; a dashed line where all of them together stand. */
export function byPlace(
  { places, usual }: Pick<Habit, "places" | "usual">,
  { t, format }: Pick<Texts, "t" | "format">,
) {
  return (look: Look): Option => ({
    tooltip: {
      trigger: "axis",
      formatter: told(([first]) => {
        const place = places.find(({ name }) => name === first?.axisValueLabel);
        return place ? said(place, { t, format }) : "";
      }),
    },
    legend: { show: false },
    grid: { left: 56, right: 16, top: 12, bottom: 28 },
    xAxis: { ...axis(look), type: "category", data: places.map(({ name }) => name) },
    yAxis: {
      ...axis(look),
      type: "value",
      axisLabel: { color: look.soft, formatter: (share: number) => format.share(share) },
    },
    series: [
      { ...bar, data: places.map(({ low }) => low), itemStyle: { opacity: 0 } },
      {
        ...bar,
        data: places.map(({ low, high }) => high - low),
        color: look.palette[0],
        itemStyle: { opacity: 0.2, borderRadius: 2 },
      },
      {
        type: "scatter",
        symbolSize: 7,
        color: look.palette[0],
        z: 5,
        data: places.map(({ rate }) => rate),
        ...(usual === null ? {} : { markLine: across(look, { yAxis: usual }, t("habits.usual")) }),
      },
    ],
  });
}

/** From the lower to the upper end of the interval: the part below is drawn unseen. */
const bar = { type: "bar", stack: "interval", silent: true, barMaxWidth: 22 };

function said({ name, rate, low, high, seen }: Place, { t, format }: Pick<Texts, "t" | "format">): string {
  const between = t("effect.between", { low: exactShare(format, low), high: exactShare(format, high) });
  return `${name}: ${exactShare(format, rate)} ${between}\n${t("habits.seen")}: ${format.number(seen)}`;
}
