import { useMemo } from "react";
import { Chart } from "../../parts/Chart.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { change } from "./figures.ts";
import { type Series, sequence } from "./sequence.ts";

type OverTimeProps = { title: string; says: string; series: readonly Series[] };

/** How differences stood over time, with their intervals; nothing where there are no two days of it. */
export function OverTime({ title, says, series }: OverTimeProps) {
  const { t, format } = useTexts();
  const some = useMemo(() => series.filter(({ points }) => points.length > 1), [series]);
  const option = useMemo(() => sequence(some, { t, format }), [some, t, format]);
  if (some.length === 0) return null;
  return (
    <Chart
      title={title}
      says={says}
      option={option}
      height={220}
      table={{
        columns: [
          t("effect.chart.day"),
          t("effect.chart.of"),
          t("effect.difference"),
          t("effect.from"),
          t("effect.to"),
        ],
        rows: some.flatMap(({ name, points }) =>
          points.map(({ at, difference, interval: { low, high } }) => [
            format.day(at),
            name,
            change(format, difference),
            change(format, low),
            change(format, high),
          ]),
        ),
      }}
    />
  );
}
