import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { users } from "../../api/asked.ts";
import { me } from "../../api/queries.ts";
import { useTexts } from "../../texts/Texts.tsx";
import { type FormProps, onEscape } from "./forms.ts";
import classes from "./inbox.module.css";

/** Somebody else's: chosen by whoever may see the users, written by others. */
export function DelegateForm({ item, busy, send, close }: FormProps) {
  const { t } = useTexts();
  const [to, setTo] = useState(item.assignee ?? "");
  const names = useNames();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) send({ what: "delegate", to: to.trim() || null });
  };
  const others = names?.filter((one) => one !== item.assignee) ?? [];
  return (
    <form onSubmit={submit} onKeyDown={onEscape(close, item)} className={classes.form}>
      {names === null ? (
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
          data={[
            { value: "", label: t("inbox.to.nobody") },
            ...[...(item.assignee ? [item.assignee] : []), ...others],
          ]}
        />
      )}
      <Button type="submit" size="sm" loading={busy}>
        {t("inbox.to.send")}
      </Button>
    </form>
  );
}

/** The names one may choose from; null where one may not see them. */
function useNames(): string[] | null {
  const { data: self } = useQuery(me);
  const may = self?.rights.includes("administer") ?? false;
  const { data, isError } = useQuery({ ...users, enabled: may });
  if (!may || isError) return null;
  const answering = (data?.users ?? []).filter((one) => !one.disabled && one.role !== "viewer");
  const known = answering.map((one) => one.name);
  return [...new Set([...(self ? [self.name] : []), ...known])];
}
