import { Button, TextInput } from "@mantine/core";
import type { FormEvent } from "react";
import type { Ask, Checked } from "../../api/shapes.ts";
import { explain } from "../../parts/Failed.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import classes from "./ask.module.css";

/** How people put the question, and what they call its answers. */
export type Worded = Partial<Pick<Ask, "asks" | "yes" | "no" | "unit">>;

const LONGEST = 40;

type AnswerWordsProps = {
  words: Worded;
  change: (words: Worded) => void;
  told: Checked;
  ready: boolean;
  busy: boolean;
  submit: () => void;
  error: unknown;
};

/** The last step before training: the words, and the button. */
export function AnswerWords({ words, change, told, ready, busy, submit, error }: AnswerWordsProps) {
  const { t } = useTexts();
  const write = (name: keyof Worded, value: string) => {
    const { [name]: _, ...rest } = words;
    change(value.trim() === "" ? rest : { ...rest, [name]: value });
  };
  const send = (event: FormEvent) => {
    event.preventDefault();
    submit();
  };
  return (
    <form className={classes.words} onSubmit={send}>
      <TextInput
        size="sm"
        label={t("ask.words.asks")}
        placeholder={told.asks}
        value={words.asks ?? ""}
        onChange={(event) => write("asks", event.currentTarget.value)}
        className={classes.wide ?? ""}
      />
      {(told.form === "quantity" ? (["unit"] as const) : (["yes", "no"] as const)).map((answer) => (
        <TextInput
          key={answer}
          size="sm"
          label={t(`ask.words.${answer}`)}
          placeholder={answer === "unit" ? (told.unit ?? "") : answer}
          value={words[answer] ?? ""}
          maxLength={LONGEST}
          onChange={(event) => write(answer, event.currentTarget.value)}
        />
      ))}
      <Button type="submit" disabled={!ready && !busy} loading={busy}>
        {t("ask.train")}
      </Button>
      {error ? (
        <p role="alert" className={classes.refused}>
          {explain(error, t).detail}
        </p>
      ) : null}
    </form>
  );
}
