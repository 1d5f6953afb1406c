import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTexts } from "../../texts/Texts.tsx";
import { type FormProps, onEscape } from "./forms.ts";
import classes from "./inbox.module.css";
import { choosable, daysLater, isInTime, PRESETS } from "./snooze.ts";

/** Later, but not later than an answer is wanted. */
export function SnoozeForm({ item, busy, send, close, now }: FormProps & { now: string }) {
  const { t, format } = useTexts();
  const days = choosable(now, item.due_at);
  const [day, setDay] = useState(days?.min ?? "");
  const ways = PRESETS.map((one) => ({ ...one, until: daysLater(now, one.days) }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy && day) send({ what: "snooze", until: `${day}T00:00:00Z` });
  };
  return (
    <form onSubmit={submit} onKeyDown={onEscape(close, item)} className={classes.form}>
      <fieldset className={classes.presets} disabled={busy}>
        <legend>{t("inbox.until")}</legend>
        {ways.map(({ key, until }, place) => (
          <Button
            key={key}
            size="compact-sm"
            variant="default"
            autoFocus={place === 0}
            disabled={!isInTime(until, now, item.due_at)}
            onClick={() => send({ what: "snooze", until })}
          >
            {t(`inbox.until.${key}`)}
          </Button>
        ))}
      </fieldset>
      {days && (
        <>
          <TextInput
            type="date"
            className={classes.field ?? ""}
            label={t("inbox.until.date")}
            min={days.min}
            max={days.max}
            required
            value={day}
            onChange={(event) => setDay(event.currentTarget.value)}
          />
          <Button type="submit" size="sm" variant="default" loading={busy}>
            {t("inbox.until.send")}
          </Button>
        </>
      )}
      <p className="soft">{t("inbox.until.late", { day: format.day(item.due_at) })}</p>
    </form>
  );
}
