import { Button } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import type { KeyboardEvent } from "react";
import type { Entity } from "../../api/shapes.ts";
import { useKeys } from "../../app/keys.ts";
import { useAhead } from "../../parts/ahead.ts";
import { useTexts } from "../../texts/Texts.tsx";
import { clamp, dayNumber, dayText, newsDays, type Span } from "./asof.ts";
import classes from "./slider.module.css";

/** While one slides, the page is read again once the hand has rested this many milliseconds. */
const REST = 160;
const LEAP = 30;

type SliderProps = { thing: Entity; span: Span; now: string; asOf: string | undefined };

/** Every day since something was known; the page shows what was known by the end of the chosen one. */
export function DaySlider({ thing, span, now, asOf }: SliderProps) {
  const { t, format } = useTexts();
  const { day, choose } = useDay(span, asOf);
  const news = newsDays(thing, span);
  const past = day < span.last;
  const words = past
    ? t("subject.asof.past", { day: format.day(dayText(day)), now: format.day(now) })
    : t("subject.asof.now", { now: format.day(now) });
  useKeys({
    "[": () => choose(news.findLast((one) => one < day) ?? span.first),
    "]": () => choose(news.find((one) => one > day) ?? span.last),
  });
  return (
    <section className={classes.slider} data-past={past || undefined} aria-label={t("subject.asof")}>
      <div className={classes.line}>
        <p className={classes.words} role="status">
          {words}
        </p>
        <div className={classes.tools}>
          <input
            type="date"
            className={classes.date}
            aria-label={t("subject.asof.day")}
            value={dayText(day)}
            min={dayText(span.first)}
            max={dayText(span.last)}
            onChange={({ target }) => target.value && choose(dayNumber(target.value))}
          />
          <Button variant="default" disabled={!past} onClick={() => choose(span.last)}>
            {t("subject.asof.today")}
          </Button>
        </div>
      </div>
      <div className={classes.track}>
        <input
          type="range"
          className={classes.range}
          min={span.first}
          max={span.last}
          step={1}
          value={day}
          aria-label={t("subject.asof")}
          aria-valuetext={format.day(dayText(day))}
          onChange={({ target }) => choose(Number(target.value))}
          onKeyDown={(event) => leap(event, day, choose)}
        />
        <Ticks days={news} span={span} />
      </div>
      <div className={classes.ends}>
        <span>{format.day(dayText(span.first))}</span>
        <span className={classes.hint}>
          <kbd>[</kbd> <kbd>]</kbd> {t("subject.asof.hint")}
        </span>
        <span>{format.day(dayText(span.last))}</span>
      </div>
    </section>
  );
}

/** With shift, an arrow moves a month; without, the browser moves a day. */
function leap(event: KeyboardEvent, day: number, choose: (day: number) => void): void {
  const way = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
  if (way === undefined || !event.shiftKey) return;
  event.preventDefault();
  choose(day + way * LEAP);
}

/** The chosen day: at once in the slider, in the address when the hand rests. */
function useDay(span: Span, asOf: string | undefined) {
  const go = useNavigate({ from: "/subject/$" });
  const told = asOf === undefined ? span.last : clamp(dayNumber(asOf), span);
  const tell = (next: number) => {
    const search = next === span.last ? {} : { as_of: dayText(next) };
    void go({ search, replace: true, resetScroll: false });
  };
  const [day, lead] = useAhead(told, tell, REST);
  return { day, choose: (wanted: number) => lead(clamp(wanted, span)) };
}

/** Where something became known. */
function Ticks({ days, span }: { days: readonly number[]; span: Span }) {
  const length = Math.max(1, span.last - span.first);
  return (
    <div className={classes.ticks} aria-hidden>
      {days.map((day) => (
        <span key={day} style={{ left: `${((day - span.first) / length) * 100}%` }} />
      ))}
    </div>
  );
}
