import { Checkbox, NativeSelect } from "@mantine/core";
import { useTexts } from "../../../texts/Texts.tsx";
import type { FieldsProps } from "../Editor.tsx";
import classes from "../import.module.css";
import { eventsOf, withColumn, withPersonal } from "../mapping.ts";

/** What an attribute and a link have in common: since when it is known, and whether it is personal. */
export function Known({ draft, column }: FieldsProps) {
  const { t } = useTexts();
  const says = draft.mapping.columns?.[column] ?? {};
  const change = (part: Parameters<typeof withColumn>[2]) =>
    draft.change(withColumn(draft.mapping, column, part));
  return (
    <>
      <NativeSelect
        size="xs"
        label={t("import.field.known")}
        value={says.known ?? ""}
        onChange={(event) =>
          change({
            known: event.currentTarget.value,
            ...(event.currentTarget.value ? {} : { otherwise: undefined }),
          })
        }
        data={[
          { value: "", label: t("import.field.known.start") },
          ...eventsOf(draft.mapping).map(([type]) => ({ value: type, label: type })),
        ]}
      />
      {says.known && (
        <NativeSelect
          size="xs"
          label={t("import.field.otherwise")}
          value={says.otherwise ?? "unknown"}
          onChange={(event) => change({ otherwise: event.currentTarget.value as "assumed" | "unknown" })}
          data={[
            { value: "unknown", label: t("import.field.otherwise.unknown") },
            { value: "assumed", label: t("import.field.otherwise.assumed") },
          ]}
        />
      )}
      <Checkbox
        size="xs"
        className={classes.flag}
        label={t("import.field.personal")}
        checked={says.personal ?? false}
        onChange={(event) => draft.change(withPersonal(draft.mapping, column, event.currentTarget.checked))}
      />
    </>
  );
}
