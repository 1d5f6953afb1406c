import { Button, Modal, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { questions } from "../../api/queries.ts";
import type { Answered, Asked } from "../../api/shapes.ts";
import { useKeys } from "../../app/keys.ts";
import { Foreign } from "../../parts/Foreign.tsx";
import { Refused } from "../../parts/Refused.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import classes from "./inbox.module.css";
import { useAnswerAll } from "./useAnswer.ts";

type SelectedProps = { rows: readonly Asked[]; clear: () => void };
type Way = "approve" | "reject";

/** What can be done with all that is selected at once. */
export function SelectedBar({ rows, clear }: SelectedProps) {
  const { t } = useTexts();
  const [way, setWay] = useState<Way | null>(null);
  useKeys(rows.length > 0 ? { a: () => setWay("approve"), r: () => setWay("reject") } : {});
  const close = () => setWay(null);
  return (
    <>
      {rows.length > 0 && (
        <div className={classes.selected} role="status">
          <span className="num">{t("inbox.selected", { count: rows.length })}</span>
          <Button size="compact-sm" onClick={() => setWay("approve")}>
            {t("inbox.approve")}
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => setWay("reject")}>
            {t("inbox.reject")}
          </Button>
          <Button size="compact-sm" variant="subtle" color="gray" onClick={clear}>
            {t("cancel")}
          </Button>
        </div>
      )}
      {way !== null && <SeveralDialog way={way} rows={rows} clear={clear} close={close} />}
    </>
  );
}

type SeveralProps = SelectedProps & { way: Way; close: () => void };

/** The same answer to all of them; it stays open where some were not taken, and says why. */
function SeveralDialog({ way, rows: given, clear, close }: SeveralProps) {
  const { t } = useTexts();
  // What was asked for stays on the sheet, whatever is selected afterwards.
  const [rows] = useState(given);
  const answering = useAnswerAll();
  const finish = (told: Answered) => {
    clear();
    if (told.refused.length > 0) return;
    notifications.show({ message: t("inbox.several.taken", { count: told.taken.length }) });
    close();
  };
  return (
    <Modal
      opened
      onClose={close}
      title={t(`inbox.several.${way}`, { count: rows.length })}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      {answering.data ? (
        <Outcome told={answering.data} rows={rows} close={close} />
      ) : (
        <SeveralForm
          way={way}
          rows={rows}
          busy={answering.isPending}
          error={answering.error}
          send={(why) =>
            answering.mutate(
              { ids: rows.map((one) => one.id), yes: way === "approve", why },
              { onSuccess: finish },
            )
          }
        />
      )}
    </Modal>
  );
}

type SeveralFormProps = {
  way: Way;
  rows: readonly Asked[];
  busy: boolean;
  error: unknown;
  send: (why: string) => void;
};

function SeveralForm({ way, rows, busy, error, send }: SeveralFormProps) {
  const { t, format } = useTexts();
  const known = useQuery(questions);
  const [why, setWhy] = useState("");
  const [missing, setMissing] = useState(false);
  const unit = known.data?.questions.find((one) => one.name === rows[0]?.question)?.worth_unit ?? null;
  const money = format.money(
    rows.reduce((sum, one) => sum + one.value, 0),
    unit,
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (way === "reject" && why.trim() === "") setMissing(true);
    else if (!busy) send(why.trim());
  };
  return (
    <form onSubmit={submit}>
      <p className={classes.several}>
        {way === "approve" ? t("inbox.several.text", { money }) : t("inbox.several.same")}
      </p>
      <TextInput
        data-autofocus
        label={t(way === "reject" ? "inbox.why" : "inbox.why.yes")}
        maxLength={2_000}
        value={why}
        error={missing && why.trim() === "" ? t("inbox.why.needed") : null}
        onChange={(event) => setWhy(event.currentTarget.value)}
      />
      <Refused error={error} />
      <div className="actions">
        <Button type="submit" loading={busy}>
          {t(`inbox.${way}`)}
        </Button>
      </div>
    </form>
  );
}

function Outcome({ told, rows, close }: { told: Answered; rows: readonly Asked[]; close: () => void }) {
  const { t } = useTexts();
  const subjectOf = (id: string) => rows.find((one) => one.id === id)?.subject ?? id;
  return (
    <div role="alert">
      <p className={classes.several}>
        {t("inbox.several.taken", { count: told.taken.length })}{" "}
        {t("inbox.several.refused", { count: told.refused.length })}
      </p>
      <ul className={classes.refusals}>
        {told.refused.map((one) => (
          <li key={one.id}>
            <strong>{subjectOf(one.id)}</strong> <Foreign>{one.problem}</Foreign>
          </li>
        ))}
      </ul>
      <div className="actions">
        <Button variant="default" onClick={close} data-autofocus>
          {t("close")}
        </Button>
      </div>
    </div>
  );
}
