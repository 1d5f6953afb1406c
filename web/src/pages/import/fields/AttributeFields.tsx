import { Checkbox, NativeSelect } from "@mantine/core";
import { useTexts } from "../../../texts/Texts.tsx";
import type { FieldsProps } from "../Editor.tsx";
import classes from "../import.module.css";
import { asName, isChoosable, SORTS, type Sort, withColumn, withSort } from "../mapping.ts";
import { Written } from "../Written.tsx";
import { Known } from "./Known.tsx";

const CURRENCIES = ["EUR", "USD", "GBP", "CHF", "JPY", "CNY", "PLN", "SEK", "kg", "km", "%"];
const WRITTEN: Partial<Record<Sort, readonly string[]>> = {
  number: ["1,234.56", "1.234,56"],
  day: ["ISO", "DD.MM.YYYY", "DD/MM/YYYY", "MM/DD/YYYY", "YYYYMMDD", "serial"],
  instant: ["ISO", "DD.MM.YYYY", "DD/MM/YYYY", "MM/DD/YYYY", "epoch s", "epoch ms"],
};

/** A property of what the row is about. */
export function AttributeFields({ draft, column }: FieldsProps) {
  const { t } = useTexts();
  const says = draft.mapping.columns?.[column] ?? {};
  const sort = says.sort ?? "category";
  const formats = WRITTEN[sort];
  const change = (part: Parameters<typeof withColumn>[2]) =>
    draft.change(withColumn(draft.mapping, column, part));
  return (
    <>
      <Written
        label={t("import.field.name")}
        value={says.name ?? ""}
        placeholder={asName(column)}
        write={(name) => change({ name })}
      />
      <NativeSelect
        size="xs"
        label={t("import.field.sort")}
        value={sort}
        onChange={(event) => draft.change(withSort(draft.mapping, column, event.currentTarget.value as Sort))}
        data={SORTS.map((one) => ({ value: one, label: t(`import.sort.${one}`) }))}
      />
      {sort === "number" && (
        <Written
          label={t("import.field.unit")}
          value={says.unit ?? ""}
          suggestions={CURRENCIES}
          write={(unit) => change({ unit })}
        />
      )}
      {formats && (
        <Written
          label={t("import.field.format")}
          value={says.format ?? ""}
          placeholder={t("import.field.format.file")}
          suggestions={formats}
          write={(format) => change({ format })}
        />
      )}
      <Known draft={draft} column={column} />
      {isChoosable(says) && (
        <Checkbox
          size="xs"
          className={classes.flag}
          label={t("import.field.actionable")}
          {...(Array.isArray(says.actionable) ? { description: says.actionable.join(", ") } : {})}
          checked={Boolean(says.actionable)}
          onChange={(event) => change({ actionable: event.currentTarget.checked || undefined })}
        />
      )}
    </>
  );
}
