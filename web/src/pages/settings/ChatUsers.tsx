import { Button, NativeSelect, Skeleton, TextInput, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useAnswering } from "../../api/asked.ts";
import { chatUsers, useLinking } from "../../api/chats.ts";
import type { ChatUser } from "../../api/shapes.ts";
import { Failed } from "../../parts/Failed.tsx";
import { Refused } from "../../parts/Refused.tsx";
import { useUndo } from "../../parts/undo.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { NobodyAnswers } from "./NobodyAnswers.tsx";
import classes from "./settings.module.css";

/** Who in Slack answers as which user; nobody else can answer there. */
export function ChatUsers() {
  const { t } = useTexts();
  const found = useQuery(chatUsers);
  return (
    <>
      <Title order={3} className={classes.small ?? ""}>
        {t("settings.people")}
      </Title>
      {found.error && !found.data && <Failed error={found.error} again={() => void found.refetch()} />}
      {found.isPending && <Skeleton height={60} />}
      {found.data?.length === 0 && <p>{t("settings.people.none")}</p>}
      {found.data && (
        <>
          <ul className={classes.list}>
            {found.data.map((one) => (
              <Linked key={one.id} one={one} />
            ))}
          </ul>
          <Linking />
        </>
      )}
    </>
  );
}

function Linked({ one: { id, user } }: { one: ChatUser }) {
  const { t } = useTexts();
  const linking = useLinking();
  const offer = useUndo();
  const remove = () =>
    linking.mutate(
      { id, user: null },
      {
        onSuccess: () =>
          offer({
            message: t("settings.people.removed", { id }),
            undo: () => linking.mutateAsync({ id, user }),
          }),
      },
    );
  return (
    <li className={classes.row}>
      <span>
        <code>{id}</code> {t("settings.people.as", { name: user })}
      </span>
      <Button
        size="compact-sm"
        variant="default"
        aria-label={`${t("settings.people.remove")}: ${id}`}
        loading={linking.isPending}
        onClick={remove}
      >
        {t("settings.people.remove")}
      </Button>
      <Refused error={linking.error} />
    </li>
  );
}

function Linking() {
  const { t } = useTexts();
  const [id, setId] = useState("");
  const [chosen, choose] = useState<string>();
  const names = useAnswering();
  const user = chosen ?? names?.[0] ?? "";
  const linking = useLinking();
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!linking.isPending) linking.mutate({ id: id.trim(), user }, { onSuccess: () => setId("") });
  };
  if (names?.length === 0) return <NobodyAnswers />;
  return (
    <form className={classes.fields} onSubmit={send}>
      <TextInput
        required
        label={t("settings.people.id")}
        placeholder="U0123456789"
        maxLength={200}
        value={id}
        onChange={(event) => setId(event.currentTarget.value)}
      />
      <NativeSelect
        label={t("settings.people.user")}
        value={user}
        onChange={(event) => choose(event.currentTarget.value)}
        data={names ?? []}
      />
      <Refused error={linking.error} />
      <Button type="submit" variant="default" loading={linking.isPending}>
        {t("settings.people.add")}
      </Button>
    </form>
  );
}
