import { Button } from "@mantine/core";
import { useState } from "react";
import { useNow } from "../../api/now.ts";
import type { Asked } from "../../api/shapes.ts";
import { type Bindings, useKeys } from "../../app/keys.ts";
import { Refused } from "../../parts/Refused.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { DelegateForm } from "./DelegateForm.tsx";
import { DRAFT } from "./Draft.tsx";
import classes from "./inbox.module.css";
import { RejectForm } from "./RejectForm.tsx";
import { SnoozeForm } from "./SnoozeForm.tsx";
import type { Act, useAnswer } from "./useAnswer.ts";

type AnswerProps = {
  item: Asked;
  draft: string | undefined;
  answer: ReturnType<typeof useAnswer>;
  send: (act: Act) => void;
  keys: boolean;
};

type Form = "reject" | "snooze" | "delegate";

/** Yes, no, later, or somebody else; what was not taken is told beside it. */
export function Answer({ item, draft, answer, send, keys }: AnswerProps) {
  const { t } = useTexts();
  const now = useNow();
  const [form, setForm] = useState<Form | null>(null);
  const changed = draft !== undefined && draft !== item.text;
  const sendable = !changed || draft.trim() !== "";
  const approve = () => {
    if (sendable && !answer.isPending) send({ what: "approve", text: changed ? draft : null });
  };
  const toggle = (next: Form) => setForm(form === next ? null : next);
  const bindings: Bindings = {
    a: approve,
    r: () => setForm("reject"),
    s: () => setForm("snooze"),
    d: () => setForm("delegate"),
    e: () => document.getElementById(DRAFT)?.focus(),
    "mod+Enter": approve,
  };
  useKeys(keys ? bindings : {});
  const shared = { item, busy: answer.isPending, send, close: () => setForm(null) };
  return (
    <div className={classes.answer}>
      {form === "reject" && <RejectForm {...shared} />}
      {form === "snooze" && now && <SnoozeForm {...shared} now={now} />}
      {form === "delegate" && <DelegateForm {...shared} />}
      <Refused error={answer.error} />
      <div className={classes.buttons}>
        <Button
          size="sm"
          onClick={approve}
          disabled={!sendable}
          loading={answer.isPending && answer.variables?.what === "approve"}
          rightSection={<kbd aria-hidden>a</kbd>}
        >
          {t(changed ? "inbox.approve.edited" : "inbox.approve")}
        </Button>
        {(["reject", "snooze", "delegate"] as const).map((one) => (
          <Button
            key={one}
            size="sm"
            variant="default"
            aria-expanded={form === one}
            onClick={() => toggle(one)}
            rightSection={<kbd aria-hidden>{one[0]}</kbd>}
          >
            {t(`inbox.${one}`)}
          </Button>
        ))}
      </div>
    </div>
  );
}
