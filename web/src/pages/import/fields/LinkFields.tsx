import { useQuery } from "@tanstack/react-query";
import { catalog } from "../../../api/work.ts";
import { useTexts } from "../../../texts/Texts.tsx";
import type { FieldsProps } from "../Editor.tsx";
import { withColumn } from "../mapping.ts";
import { Written } from "../Written.tsx";
import { Known } from "./Known.tsx";

/** An arrow from what the row is about to something else. */
export function LinkFields({ draft, column }: FieldsProps) {
  const { t } = useTexts();
  const { data } = useQuery(catalog);
  const says = draft.mapping.columns?.[column] ?? {};
  const links = Object.values(draft.mapping.columns ?? {}).flatMap((one) => one.link ?? []);
  const kinds = [...new Set([...(data?.kinds.map((kind) => kind.name) ?? []), ...links])];
  return (
    <>
      <Written
        label={t("import.field.kind")}
        value={says.link ?? ""}
        needed
        suggestions={kinds}
        write={(link) => draft.change(withColumn(draft.mapping, column, { link }))}
      />
      <Written
        label={t("import.field.linkname")}
        value={says.name ?? ""}
        placeholder={says.link ?? ""}
        write={(name) => draft.change(withColumn(draft.mapping, column, { name }))}
      />
      <Known draft={draft} column={column} />
    </>
  );
}
