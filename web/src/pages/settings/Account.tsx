import { Button, PasswordInput, Skeleton, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { api } from "../../api/client.ts";
import { me } from "../../api/queries.ts";
import type { NewPassword } from "../../api/shapes.ts";
import { useLeaving } from "../../app/shell/session.ts";
import { explain } from "../../parts/Failed.tsx";
import type { Key } from "../../texts/catalogue.ts";
import { useTexts } from "../../texts/Texts.tsx";
import classes from "./settings.module.css";

const SHORTEST = 12;
const ROLES: Readonly<Record<string, Key>> = {
  owner: "role.owner",
  operator: "role.operator",
  viewer: "role.viewer",
};

/** Who one is here, the password, and the way out. */
export function Account() {
  const { t } = useTexts();
  const { data } = useQuery(me);
  const leave = useLeaving();
  if (data === undefined) return <Skeleton height={120} />;
  const role = ROLES[data.role];
  return (
    <section className={classes.part}>
      <Title order={2}>{t("settings.account")}</Title>
      <p>
        {t("settings.account.text", {
          name: data.name,
          role: role ? t(role) : data.role,
          workspace: data.workspace,
        })}
      </p>
      {data.sort === "user" && <Password has={data.has_password} name={data.name} />}
      <div className="actions">
        <Button variant="default" onClick={leave}>
          {t("signout")}
        </Button>
      </div>
    </section>
  );
}

function Password({ has, name }: { has: boolean; name: string }) {
  const { t } = useTexts();
  const saving = useSaving();
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const typed = new FormData(form);
    const current = has ? { current: String(typed.get("current")) } : {};
    saving.mutate({ ...current, new: String(typed.get("new")) }, { onSuccess: () => form.reset() });
  };
  return (
    <form className={classes.fields} onSubmit={send}>
      {!has && <p className="soft">{t("settings.password.none")}</p>}
      <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />
      {has && (
        <PasswordInput
          name="current"
          label={t("settings.password.current")}
          autoComplete="current-password"
          required
        />
      )}
      <PasswordInput
        name="new"
        label={t("settings.password.new")}
        description={t("settings.password.hint")}
        minLength={SHORTEST}
        autoComplete="new-password"
        error={saving.error && explain(saving.error, t).detail}
        required
      />
      <Button type="submit" loading={saving.isPending}>
        {t("settings.password.save")}
      </Button>
    </form>
  );
}

function useSaving() {
  const { t } = useTexts();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: NewPassword) => api.PUT("/v1/me/password", { body: change }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: me.queryKey });
      notifications.show({ message: t("settings.password.saved") });
    },
  });
}
