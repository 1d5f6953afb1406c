import { Button, Textarea } from "@mantine/core";
import { useId } from "react";
import type { Asked } from "../../api/shapes.ts";
import { useForeign } from "../../parts/Foreign.tsx";
import { Badge } from "../../parts/values.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import type { Drafted } from "./Detail.tsx";
import classes from "./inbox.module.css";

/** By what the key finds it. */
export const DRAFT = "draft";

type DraftProps = Drafted & { item: Asked; may: boolean };

/** What would be sent, to be changed in its place; what was changed stays until it is sent or taken back. */
export function Draft({ item, draft, write, may }: DraftProps) {
  const { t } = useTexts();
  const foreign = useForeign();
  const heading = useId();
  const changed = draft !== undefined && draft !== item.text;
  const lang = changed || item.playbook.startsWith("own.") ? undefined : foreign();
  return (
    <section aria-labelledby={heading}>
      <div className={classes.draftHead}>
        <h3 id={heading} className={classes.small}>
          {t("inbox.draft")}
        </h3>
        {may && changed && (
          <>
            <Badge tone="accent">{t("inbox.draft.edited")}</Badge>
            <Button size="compact-xs" variant="subtle" color="gray" onClick={() => write(undefined)}>
              {t("inbox.draft.reset")}
            </Button>
          </>
        )}
      </div>
      {may ? (
        <Textarea
          id={DRAFT}
          lang={lang}
          aria-labelledby={heading}
          autosize
          minRows={3}
          maxLength={20_000}
          value={draft ?? item.text}
          error={draft !== undefined && draft.trim() === "" ? t("inbox.draft.empty") : null}
          onChange={(event) => write(event.currentTarget.value)}
          onKeyDown={(event) => event.key === "Escape" && leave(event.currentTarget, item.id)}
        />
      ) : (
        <p className={classes.text} lang={lang}>
          {item.text}
        </p>
      )}
      {!may && changed && (
        <>
          <h3 className={classes.small}>{t("inbox.draft.kept")}</h3>
          <p className={classes.text}>{draft}</p>
        </>
      )}
    </section>
  );
}

/** Out of the field, back to the row, so that the keys of the list are heard again. */
function leave(field: HTMLElement, id: string): void {
  field.blur();
  document.querySelector<HTMLElement>(`[data-row="${id}"]`)?.focus();
}
