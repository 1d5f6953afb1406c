import { Button, Checkbox, NativeSelect, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useAnswering } from "../../api/asked.ts";
import { playbooks as declared } from "../../api/plays.ts";
import { useRoute } from "../../api/routes.ts";
import type { Route } from "../../api/shapes.ts";
import { Refused } from "../../parts/Refused.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { NobodyAnswers } from "./NobodyAnswers.tsx";
import classes from "./settings.module.css";

/** What one playbook asks, about whom, is for whom from now on. */
export function RouteForm({ known, close }: { known: readonly Route[]; close: () => void }) {
  const { t } = useTexts();
  const [name, setName] = useState("");
  const [chosen, choose] = useState<string>();
  const [whom, setWhom] = useState("");
  const [to, setTo] = useState<readonly string[]>([]);
  const names = useAnswering();
  const playbooks = useQuery(declared).data?.playbooks.filter((one) => one.stopped === "") ?? [];
  const playbook = chosen ?? playbooks[0]?.name ?? "";
  const saving = useRoute();
  const taken = known.some((one) => one.name === name.trim());
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (saving.isPending || taken || to.length === 0) return;
    const given = { name: name.trim(), playbook, whom, to: [...to], waiting: false, dry_run: false };
    saving.mutate(given, { onSuccess: close });
  };
  const toggle = (one: string, on: boolean) => setTo(on ? [...to, one] : to.filter((other) => other !== one));
  if (names?.length === 0) return <NobodyAnswers />;
  return (
    <form className={classes.fields} onSubmit={send}>
      <TextInput
        required
        autoFocus
        label={t("settings.routes.name")}
        maxLength={60}
        value={name}
        error={taken && t("settings.routes.taken")}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <NativeSelect
        label={t("settings.routes.playbook")}
        value={playbook}
        onChange={(event) => choose(event.currentTarget.value)}
        data={playbooks.map((one) => one.name)}
      />
      <TextInput
        label={t("settings.routes.whom")}
        description={t("settings.routes.whom.hint")}
        maxLength={2000}
        value={whom}
        onChange={(event) => setWhom(event.currentTarget.value)}
      />
      <fieldset className={classes.choices}>
        <legend>{t("settings.routes.to")}</legend>
        {names?.map((one) => (
          <Checkbox
            key={one}
            size="xs"
            label={one}
            checked={to.includes(one)}
            onChange={(event) => toggle(one, event.currentTarget.checked)}
          />
        ))}
      </fieldset>
      <Refused error={saving.error} />
      <div className="actions">
        <Button variant="default" onClick={close}>
          {t("cancel")}
        </Button>
        <Button type="submit" disabled={taken || to.length === 0} loading={saving.isPending}>
          {t("settings.routes.save")}
        </Button>
      </div>
    </form>
  );
}
