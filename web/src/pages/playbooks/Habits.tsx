import { useMemo } from "react";
import type { Habit } from "../../api/shapes.ts";
import { Chart } from "../../parts/Chart.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { exactShare } from "./figures.ts";
import { byPlace, toldOf } from "./habits.ts";
import classes from "./playbooks.module.css";

/** What was learned about the hours, or the channels, by which somebody is spoken to with most success. */
export function Habits({ habit }: { habit: Habit }) {
  const { t, format } = useTexts();
  const of = habit.choice === null ? "hour" : "channel";
  const title = t(`habits.${of}`, { choice: habit.choice ?? "" });
  // Where nothing was sent there is nothing to be seen.
  const some = useMemo(() => ({ ...habit, places: habit.places.filter(({ seen }) => seen > 0) }), [habit]);
  const option = useMemo(() => byPlace(some, { t, format }), [some, t, format]);
  const share = (part: number) => exactShare(format, part);
  return (
    <div className={classes.habit}>
      <h3 className={classes.small}>{title}</h3>
      <Best habit={habit} of={of} />
      {some.places.length > 1 && (
        <Chart
          title={t(`habits.chart.${of}`, { choice: habit.choice ?? "" })}
          says={t(`habits.chart.${of}.says`)}
          option={option}
          height={180}
          table={{
            columns: [
              t(`habits.head.${of}`),
              t("habits.seen"),
              t("effect.rate"),
              t("effect.from"),
              t("effect.to"),
            ],
            rows: some.places.map(({ name, seen, rate, low, high }) => [
              name,
              seen,
              share(rate),
              share(low),
              share(high),
            ]),
          }}
        />
      )}
    </div>
  );
}

/** Which is best, and for how many it is another. */
function Best({ habit, of }: { habit: Habit; of: "hour" | "channel" }) {
  const { t, format } = useTexts();
  const { seen, needed, places, best, usual, others, parties } = habit;
  const found = places.find(({ name }) => name === best);
  const stands = toldOf(habit);
  if (stands === "little")
    return <p>{t("habits.little", { seen: format.number(seen), needed: format.number(needed) })}</p>;
  const more = others > 0 ? t("habits.others", { count: others, parties: format.number(parties) }) : "";
  if (stands === "none" || !found) return <p>{`${t(`habits.none.${of}`)} ${more}`}</p>;
  const share = (part: number) => exactShare(format, part);
  return (
    <p className={classes.headline}>
      {t("habits.best", {
        name: found.name,
        rate: share(found.rate),
        low: share(found.low),
        high: share(found.high),
        usual: share(usual ?? 0),
      })}{" "}
      {more}
    </p>
  );
}
