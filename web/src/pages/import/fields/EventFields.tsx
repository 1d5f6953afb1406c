import { Checkbox, NativeSelect } from "@mantine/core";
import { useTexts } from "../../../texts/Texts.tsx";
import type { FieldsProps } from "../Editor.tsx";
import classes from "../import.module.css";
import { datedBy, eventsOf, recordedBy, renamed, withEvent, withRecorded } from "../mapping.ts";
import { Written } from "../Written.tsx";

/** A date that says that something happened. */
export function EventFields({ draft, column }: FieldsProps) {
  const { t } = useTexts();
  const { mapping } = draft;
  const type = datedBy(mapping, column);
  if (type === undefined) return null;
  const event = mapping.events?.[type];
  return (
    <>
      <Written
        label={t("import.field.event")}
        value={type}
        needed
        write={(to) => draft.change(renamed(mapping, type, to))}
      />
      <Written
        label={t("import.field.lag")}
        value={event?.lag ?? ""}
        placeholder={t("import.field.lag.hint")}
        write={(lag) => draft.change(withEvent(mapping, type, { lag }))}
      />
      <Written
        label={t("import.field.format")}
        value={event?.format ?? ""}
        placeholder={t("import.field.format.file")}
        write={(format) => draft.change(withEvent(mapping, type, { format }))}
      />
      <Checkbox
        size="xs"
        className={classes.flag}
        label={t("import.field.ends")}
        checked={event?.begins === false}
        onChange={(change) =>
          draft.change(withEvent(mapping, type, { begins: change.currentTarget.checked ? false : undefined }))
        }
      />
    </>
  );
}

/** A date that says when something was recorded: it was known then, not earlier. */
export function RecordedFields({ draft, column }: FieldsProps) {
  const { t } = useTexts();
  return (
    <NativeSelect
      size="xs"
      label={t("import.field.recorded")}
      value={recordedBy(draft.mapping, column) ?? ""}
      onChange={(event) => draft.change(withRecorded(draft.mapping, column, event.currentTarget.value))}
      data={eventsOf(draft.mapping).map(([type]) => type)}
    />
  );
}
