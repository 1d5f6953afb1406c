import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTexts } from "../../texts/Texts.tsx";
import { type FormProps, onEscape } from "./forms.ts";
import classes from "./inbox.module.css";

/** A no, and why. */
export function RejectForm({ item, busy, send, close }: FormProps) {
  const { t } = useTexts();
  const [why, setWhy] = useState("");
  const [missing, setMissing] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (why.trim() === "") setMissing(true);
    else if (!busy) send({ what: "reject", why: why.trim() });
  };
  return (
    <form onSubmit={submit} onKeyDown={onEscape(close, item)} className={classes.form}>
      <TextInput
        data-autofocus
        autoFocus
        className={classes.field ?? ""}
        label={t("inbox.why")}
        description={t("inbox.why.hint")}
        maxLength={2_000}
        value={why}
        error={missing && why.trim() === "" ? t("inbox.why.needed") : null}
        onChange={(event) => setWhy(event.currentTarget.value)}
      />
      <Button type="submit" size="sm" loading={busy}>
        {t("inbox.reject")}
      </Button>
    </form>
  );
}
