import { Checkbox, NativeSelect } from "@mantine/core";
import { useTexts } from "../../texts/Texts.tsx";
import classes from "./import.module.css";
import { type MappingDocument, withKind } from "./mapping.ts";
import type { Draft } from "./useDraft.ts";
import { Written } from "./Written.tsx";

/** What is said of the file as a whole. */
export function FileFields({ draft }: { draft: Draft }) {
  const { t } = useTexts();
  const { mapping } = draft;
  const change = (part: Partial<MappingDocument>) => draft.change({ ...mapping, ...part });
  return (
    <fieldset className={classes.whole}>
      <legend className="seen-by-readers">{t("import.file")}</legend>
      <Written
        label={t("import.file.kind")}
        value={mapping.kind}
        write={(kind) => draft.change(withKind(mapping, kind))}
        needed
      />
      <Written
        label={t("import.file.source")}
        value={mapping.source}
        write={(source) => change({ source })}
        needed
      />
      <NativeSelect
        size="xs"
        label={t("import.file.rows")}
        value={mapping.rows ?? "things"}
        onChange={(event) => change({ rows: event.currentTarget.value === "events" ? "events" : "things" })}
        data={[
          { value: "things", label: t("import.file.rows.things") },
          { value: "events", label: t("import.file.rows.events") },
        ]}
      />
      <Written
        label={t("import.file.currency")}
        value={mapping.currency ?? ""}
        write={(currency) => draft.change(optional(mapping, "currency", currency))}
      />
      <Written
        label={t("import.file.zone")}
        value={mapping.zone ?? "UTC"}
        write={(zone) => draft.change(optional(mapping, "zone", zone))}
      />
      <Checkbox
        size="xs"
        className={classes.flag}
        label={t("import.file.person")}
        checked={mapping.person ?? false}
        onChange={(event) => change({ person: event.currentTarget.checked })}
      />
    </fieldset>
  );
}

function optional(mapping: MappingDocument, name: "currency" | "zone", value: string): MappingDocument {
  const { [name]: _, ...rest } = mapping;
  return value === "" ? rest : { ...rest, [name]: value };
}
