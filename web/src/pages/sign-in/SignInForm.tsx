import { Button, PasswordInput, TextInput } from "@mantine/core";
import type { FormEvent } from "react";
import type { Credentials } from "../../api/shapes.ts";
import { Marked } from "../../parts/Marked.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import classes from "./signin.module.css";

export const WAYS = ["password", "code", "token"] as const;
export type Way = (typeof WAYS)[number];

type SignInFormProps = { way: Way; busy: boolean; submit: (credentials: Credentials) => void };

/** The fields of one way to sign in. The browser keeps what is typed until it is sent. */
export function SignInForm({ way, busy, submit }: SignInFormProps) {
  const { t } = useTexts();
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget);
    const field = (name: string) => String(typed.get(name) ?? "");
    if (way === "password") submit({ name: field("username"), password: field("password") });
    else if (way === "code") submit({ code: field("code").trim() });
    else submit({ token: field("token").trim() });
  };
  return (
    <form className={classes.form} onSubmit={send}>
      {way === "password" && (
        <>
          <TextInput name="username" label={t("signin.name")} autoComplete="username" required autoFocus />
          <PasswordInput
            name="password"
            label={t("signin.password")}
            autoComplete="current-password"
            required
          />
        </>
      )}
      {way === "code" && (
        <TextInput
          name="code"
          label={t("signin.code")}
          description={<Marked text={t("signin.code.hint")} />}
          autoComplete="one-time-code"
          required
          autoFocus
        />
      )}
      {way === "token" && (
        <PasswordInput
          name="token"
          label={t("signin.token")}
          description={<Marked text={t("signin.token.hint")} />}
          autoComplete="off"
          required
          autoFocus
        />
      )}
      <Button type="submit" loading={busy}>
        {t("signin.submit")}
      </Button>
    </form>
  );
}
