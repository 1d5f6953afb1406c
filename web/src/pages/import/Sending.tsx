import { Button, Progress } from "@mantine/core";
import { CircleAlert } from "lucide-react";
import { useEffect, useRef } from "react";
import { explain } from "../../parts/Failed.tsx";
import { Marked } from "../../parts/Marked.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { bytes } from "./bytes.ts";
import classes from "./import.module.css";
import type { Upload } from "./useUpload.ts";

/** How far a file has left. */
export function Sending({
  name,
  sent,
  of,
  cancel,
}: {
  name: string;
  sent: number;
  of: number;
  cancel: () => void;
}) {
  const { t, format } = useTexts();
  const stop = useRef<HTMLButtonElement>(null);
  useEffect(() => stop.current?.focus(), []);
  const told =
    sent >= of && of > 0
      ? t("import.sending.last")
      : t("import.sending.part", { sent: bytes(sent, format.locale), of: bytes(of, format.locale) });
  return (
    <div className={classes.drop}>
      <div className={classes.dropText}>
        <strong role="status">{t("import.sending", { name })}</strong>
        <Progress.Root size="sm" mt={6}>
          <Progress.Section value={of > 0 ? (100 * sent) / of : 0} aria-label={told} />
        </Progress.Root>
        <span className="soft num">{told}</span>
      </div>
      <Button variant="default" ref={stop} onClick={cancel}>
        {t("cancel")}
      </Button>
    </div>
  );
}

/** A file that did not arrive: why, and the way on. */
export function SendingFailed({ upload, file, error }: { upload: Upload; file: File; error: unknown }) {
  const { t } = useTexts();
  const { detail, hint } =
    file.size === 0 ? { detail: t("import.empty"), hint: undefined } : explain(error, t);
  return (
    <div className={classes.drop} role="alert">
      <CircleAlert size={22} className={classes.bad} aria-hidden />
      <div className={classes.dropText}>
        <strong>{t("import.sending.failed", { name: file.name })}</strong>
        <span>
          <Marked text={detail} />
        </span>
        {hint && (
          <span className="soft">
            <Marked text={hint} />
          </span>
        )}
      </div>
      <div className={classes.dropActions}>
        {file.size > 0 && <Button onClick={() => upload.send(file)}>{t("import.again")}</Button>}
        <Button variant="default" onClick={upload.forget}>
          {t("import.choose.other")}
        </Button>
      </div>
    </div>
  );
}
