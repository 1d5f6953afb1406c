import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { FileUp } from "lucide-react";
import { useRef, useState } from "react";
import { useTexts } from "../../texts/Texts.tsx";
import example from "./example.ts";
import classes from "./import.module.css";

type ChooseFileProps = {
  chosen: (file: File) => void;
  /** Whether nothing was imported yet: then there is an example to try. */
  first: boolean;
};

/** The place to bring a file to: by dropping, by the button, by the keyboard. */
export function ChooseFile({ chosen, first }: ChooseFileProps) {
  const { t } = useTexts();
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className={classes.drop} data-first={first || undefined}>
      <FileUp size={22} className="soft" aria-hidden />
      <div className={classes.dropText}>
        <strong>{t("import.drop")}</strong>
        <span className="soft">{t("import.drop.sorts")}</span>
      </div>
      <div className={classes.dropActions}>
        <Button onClick={() => input.current?.click()}>{t("import.choose")}</Button>
        {first && <Example chosen={chosen} />}
      </div>
      <input
        ref={input}
        type="file"
        hidden
        data-testid="file"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = "";
          if (file) chosen(file);
        }}
      />
    </div>
  );
}

function Example({ chosen }: { chosen: (file: File) => void }) {
  const { t } = useTexts();
  const [busy, setBusy] = useState(false);
  const fetching = async () => {
    setBusy(true);
    try {
      chosen(await example());
    } catch {
      notifications.show({ message: t("import.example.failed"), color: "red" });
      setBusy(false);
    }
  };
  return (
    <Button variant="subtle" loading={busy} onClick={() => void fetching()}>
      {t("import.example")}
    </Button>
  );
}
