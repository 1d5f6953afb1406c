import { Loader, SegmentedControl, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { api, body } from "../../api/client.ts";
import { me } from "../../api/queries.ts";
import type { Credentials } from "../../api/shapes.ts";
import { begunIn } from "../../api/workspace.ts";
import { queries, signedOut } from "../../app/services.ts";
import { explain } from "../../parts/Failed.tsx";
import { Marked } from "../../parts/Marked.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { safePath, takeCode } from "./code.ts";
import { enter } from "./enter.ts";
import { SignInForm, WAYS, type Way } from "./SignInForm.tsx";
import classes from "./signin.module.css";

/** Sign in by link, name and password, or token; then go on where one was. */
export function SignIn() {
  const { t } = useTexts();
  const { to } = useSearch({ from: "/sign-in" });
  const [way, setWay] = useState<Way>("password");
  const signing = useSigning(to);
  const byLink = useLink(signing.mutate);
  useEffect(() => {
    document.title = `${t("signin.title")} · Sightline`;
  }, [t]);
  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <img src="/icon.svg" alt="" className={classes.mark} />
        <Title order={1}>{t("signin.title")}</Title>
        <p className="soft">{t(to === undefined ? "signin.lead" : "signin.again")}</p>
        {byLink && signing.isPending ? (
          <p role="status">
            <Loader size="xs" /> {t("signin.working")}
          </p>
        ) : (
          <>
            <SegmentedControl
              fullWidth
              size="sm"
              aria-label={t("signin.title")}
              value={way}
              onChange={(value) => setWay(value)}
              data={WAYS.map((value) => ({ value, label: t(`signin.by.${value}`) }))}
            />
            <SignInForm key={way} way={way} busy={signing.isPending} submit={signing.mutate} />
          </>
        )}
        {signing.error && (
          <p className={classes.wrong} role="alert">
            <Marked text={byLink ? t("signin.wrong.code") : explain(signing.error, t).detail} />
          </p>
        )}
        <p className={`${classes.how} soft`}>
          <strong>{t("signin.how")}</strong> <Marked text={t("signin.how.text")} />
        </p>
      </div>
    </main>
  );
}

function useSigning(to: string | undefined) {
  const router = useRouter();
  return useMutation({
    mutationFn: (credentials: Credentials) =>
      enter(credentials, () => body(api.POST("/v1/session", { body: credentials }))),
    onSuccess: (found) => {
      const here = begunIn(found);
      queries.clear();
      if (here) queries.setQueryData(me.queryKey, found);
      signedOut.set(false);
      router.history.replace(safePath(to));
    },
  });
}

/** Whether this visit came by a link; its code is exchanged once, at once. */
function useLink(sign: (credentials: Credentials) => void): boolean {
  const [code] = useState(takeCode);
  const sent = useRef(false);
  useEffect(() => {
    if (code === null || sent.current) return;
    sent.current = true;
    sign({ code });
  }, [code, sign]);
  return code !== null;
}
