import { Button, Textarea } from "@mantine/core";
import { Download } from "lucide-react";
import { useTexts } from "../../texts/Texts.tsx";
import classes from "./import.module.css";
import type { Draft } from "./useDraft.ts";

/** The mapping as the text it is kept as; written here, it is tried like any other change. */
export function Toml({ draft, name }: { draft: Draft; name: string }) {
  const { t } = useTexts();
  return (
    <div className={classes.toml}>
      <div className={classes.tomlHead}>
        <span className="soft">{t("import.toml.text")}</span>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<Download size={14} aria-hidden />}
          onClick={() => download(draft.text, `${name.replace(/\.[a-z0-9.]+$/i, "")}.mapping.toml`)}
        >
          {t("import.toml.download")}
        </Button>
      </div>
      <Textarea
        aria-label={t("import.toml.label")}
        value={draft.text}
        onChange={(event) => draft.write(event.currentTarget.value)}
        autosize
        minRows={16}
        spellCheck={false}
        classNames={{ input: classes.code ?? "" }}
      />
    </div>
  );
}

function download(text: string, name: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "application/toml" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
