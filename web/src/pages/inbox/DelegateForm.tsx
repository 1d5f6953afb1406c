import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useAnswering } from "../../api/asked.ts";
import { me } from "../../api/queries.ts";
import { useTexts } from "../../texts/Texts.tsx";
import { type FormProps, onEscape } from "./forms.ts";
import classes from "./inbox.module.css";

/** Somebody else's: chosen by whoever may see the users, written by others. */
export function DelegateForm({ item, busy, send, close }: FormProps) {
  const { t } = useTexts();
  const [to, setTo] = useState(item.assignee ?? "");
  const { data: self } = useQuery(me);
  const known = useAnswering();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) send({ what: "delegate", to: to.trim() || null });
  };
  const names = [item.assignee, self?.name, ...(known ?? [])].filter((one) => one != null);
  return (
    <form onSubmit={submit} onKeyDown={onEscape(close, item)} className={classes.form}>
      {known === null ? (
        <TextInput
          autoFocus
          className={classes.field ?? ""}
          label={t("inbox.to")}
          placeholder={t("inbox.to.name")}
          maxLength={256}
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
      ) : (
        <NativeSelect
          autoFocus
          className={classes.field ?? ""}
          label={t("inbox.to")}
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
          data={[{ value: "", label: t("inbox.to.nobody") }, ...new Set(names)]}
        />
      )}
      <Button type="submit" size="sm" loading={busy}>
        {t("inbox.to.send")}
      </Button>
    </form>
  );
}
