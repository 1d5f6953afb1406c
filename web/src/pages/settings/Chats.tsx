import { Button, Skeleton, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { chats, useAsks } from "../../api/chats.ts";
import { useMayAdminister } from "../../api/rights.ts";
import type { Asks, Chat } from "../../api/shapes.ts";
import { Failed } from "../../parts/Failed.tsx";
import { Refused } from "../../parts/Refused.tsx";
import { useUndo } from "../../parts/undo.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { AsksForm } from "./AsksForm.tsx";
import { ChatUsers } from "./ChatUsers.tsx";
import classes from "./settings.module.css";

/** The chats in which people are asked, what of, and who answers there as whom. They are added by a command: with secrets. */
export function Chats() {
  const { t } = useTexts();
  const found = useQuery(chats);
  const may = useMayAdminister();
  return (
    <section className={classes.part}>
      <Title order={2}>{t("settings.chats")}</Title>
      {found.error && !found.data && <Failed error={found.error} again={() => void found.refetch()} />}
      {found.isPending && <Skeleton height={60} />}
      {found.data?.length === 0 && (
        <p>
          {t("settings.chats.none")} <code>sightline destinations add team slack:C0123456789</code>
        </p>
      )}
      {found.data && found.data.length > 0 && (
        <>
          <ul className={classes.list}>
            {found.data.map((one) => (
              <OneChat key={one.name} chat={one} may={may} />
            ))}
          </ul>
          {may && <ChatUsers />}
        </>
      )}
    </section>
  );
}

function OneChat({ chat: { name, address, asks, disabled_at }, may }: { chat: Chat; may: boolean }) {
  const { t, format } = useTexts();
  const [changing, setChanging] = useState(false);
  return (
    <li data-broken={disabled_at !== null || undefined}>
      <strong>{name}</strong> <code className={classes.address}>{address}</code>
      <Told asks={asks} />
      {disabled_at !== null && <div>{t("settings.hooks.off", { day: format.day(disabled_at) })}</div>}
      {changing ? (
        <AsksForm name={name} asks={asks} close={() => setChanging(false)} />
      ) : (
        may && <Change name={name} asks={asks} change={() => setChanging(true)} />
      )}
    </li>
  );
}

/** What people are asked there, in words. */
function Told({ asks }: { asks: Asks | null }) {
  const { t, format } = useTexts();
  if (asks === null) return <div className="soft">{t("settings.chats.nothing")}</div>;
  const { playbooks, above, by } = asks;
  const all = playbooks.length === 0;
  return (
    <div className="soft">
      {all ? t("settings.chats.all") : t("settings.chats.some", { names: playbooks.join(", ") })}{" "}
      {above !== null && t("settings.chats.above", { money: format.number(above) })}{" "}
      {by !== null && t("settings.chats.by", { name: by })}
    </div>
  );
}

type ChangeProps = { name: string; asks: Asks | null; change: () => void };

function Change({ name, asks, change }: ChangeProps) {
  const { t } = useTexts();
  const saving = useAsks(name);
  const offer = useUndo();
  const end = (before: Asks) =>
    saving.mutate(
      { on: false, playbooks: [] },
      {
        onSuccess: () =>
          offer({
            message: t("settings.chats.ended", { name }),
            undo: () => saving.mutateAsync({ on: true, ...before }),
          }),
      },
    );
  const word = t(asks === null ? "settings.chats.ask" : "settings.chats.change");
  return (
    <div className="actions">
      <Button size="compact-sm" variant="default" aria-label={`${word}: ${name}`} onClick={change}>
        {word}
      </Button>
      {asks !== null && (
        <Button
          size="compact-sm"
          variant="default"
          aria-label={`${t("settings.chats.end")}: ${name}`}
          loading={saving.isPending}
          onClick={() => end(asks)}
        >
          {t("settings.chats.end")}
        </Button>
      )}
      <Refused error={saving.error} />
    </div>
  );
}
