import { Button, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, body } from "../../api/client.ts";
import { Refused } from "../../parts/Refused.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import classes from "./playbooks.module.css";

/** The playbooks of users' own, as the text they are declared by. */
export function Own({ text, may }: { text: string; may: boolean }) {
  const { t } = useTexts();
  const [typed, setTyped] = useState<string>();
  const declaring = useDeclaring(() => setTyped(undefined));
  const shown = typed ?? text;
  if (!may && text === "") return null;
  const send = (check: boolean) => declaring.mutate({ text: shown, check });
  const write = (next: string) => {
    setTyped(next);
    declaring.reset();
  };
  return (
    <section className={classes.own} aria-labelledby="own">
      <h2 id="own">{t("playbooks.own")}</h2>
      <p className="soft">{t("playbooks.own.text")}</p>
      <Textarea
        aria-label={t("playbooks.own.label")}
        placeholder="[own.remind]"
        value={shown}
        onChange={(event) => write(event.currentTarget.value)}
        readOnly={!may}
        autosize
        minRows={6}
        maxRows={30}
        maxLength={100_000}
        spellCheck={false}
        classNames={{ input: classes.code ?? "" }}
      />
      <Refused error={declaring.error} />
      {declaring.data && (
        <p role="status" className={classes.good}>
          {t(declaring.variables?.check ? "playbooks.own.fits" : "playbooks.own.saved", {
            count: Object.keys(declaring.data.versions).length,
            names: Object.keys(declaring.data.versions).join(", "),
          })}
        </p>
      )}
      {may && (
        <div className="actions">
          <Button
            variant="default"
            disabled={shown.trim() === ""}
            loading={declaring.isPending && declaring.variables?.check === true}
            onClick={() => send(true)}
          >
            {t("playbooks.own.check")}
          </Button>
          <Button
            disabled={typed === undefined || shown.trim() === ""}
            loading={declaring.isPending && declaring.variables?.check === false}
            onClick={() => send(false)}
          >
            {t("playbooks.own.save")}
          </Button>
        </div>
      )}
    </section>
  );
}

function useDeclaring(saved: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (given: { text: string; check: boolean }) => body(api.POST("/v1/playbooks", { body: given })),
    onSuccess: async (_told, { check }) => {
      if (check) return;
      await queries.invalidateQueries({ queryKey: ["playbooks"] });
      saved();
    },
  });
}
