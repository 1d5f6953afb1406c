import { Button, Checkbox, NativeSelect, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useAnswering } from "../../api/asked.ts";
import { useAsks } from "../../api/chats.ts";
import { playbooks as declared } from "../../api/plays.ts";
import type { Asks } from "../../api/shapes.ts";
import { Refused } from "../../parts/Refused.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import classes from "./settings.module.css";

/** What people are asked in a chat: of which playbooks, from how much money on; and as whom a link answers. */
export function AsksForm({ name, asks, close }: { name: string; asks: Asks | null; close: () => void }) {
  const { t } = useTexts();
  const [chosen, choose] = useState<readonly string[]>(asks?.playbooks ?? []);
  const [above, setAbove] = useState(asks?.above?.toString() ?? "");
  const [by, setBy] = useState(asks?.by ?? "");
  const known = useQuery(declared).data?.playbooks.map((one) => one.name) ?? [];
  const names = useAnswering() ?? [];
  const saving = useAsks(name);
  const send = (event: FormEvent) => {
    event.preventDefault();
    const given = { on: true, playbooks: [...chosen], above: above === "" ? null : Number(above) };
    saving.mutate({ ...given, by: by || null }, { onSuccess: close });
  };
  return (
    <form className={classes.fields} onSubmit={send}>
      <fieldset className={classes.choices}>
        <legend>{t("settings.chats.playbooks")}</legend>
        {[...new Set([...known, ...chosen])].map((one) => (
          <Checkbox
            key={one}
            size="xs"
            label={one}
            checked={chosen.includes(one)}
            onChange={(event) =>
              choose(event.currentTarget.checked ? [...chosen, one] : chosen.filter((other) => other !== one))
            }
          />
        ))}
      </fieldset>
      <TextInput
        type="number"
        label={t("settings.chats.least")}
        min={0}
        step="any"
        value={above}
        onChange={(event) => setAbove(event.currentTarget.value)}
      />
      <NativeSelect
        label={t("settings.chats.as")}
        description={t("settings.chats.as.hint")}
        value={by}
        onChange={(event) => setBy(event.currentTarget.value)}
        data={[
          { value: "", label: t("settings.chats.as.nobody") },
          ...new Set([...(asks?.by ? [asks.by] : []), ...names]),
        ]}
      />
      <Refused error={saving.error} />
      <div className="actions">
        <Button variant="default" onClick={close}>
          {t("cancel")}
        </Button>
        <Button type="submit" loading={saving.isPending}>
          {t("settings.chats.save")}
        </Button>
      </div>
    </form>
  );
}
