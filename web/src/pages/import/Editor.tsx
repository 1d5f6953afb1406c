import { Button, NativeSelect } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useTexts } from "../../texts/Texts.tsx";
import { AttributeFields } from "./fields/AttributeFields.tsx";
import { EventFields, RecordedFields } from "./fields/EventFields.tsx";
import { LinkFields } from "./fields/LinkFields.tsx";
import classes from "./import.module.css";
import { eventsOf, lostWith, ROLES, type Role, roleOf, type Sort, withRole } from "./mapping.ts";
import type { Draft } from "./useDraft.ts";

export type FieldsProps = { draft: Draft; column: string };
type EditorProps = FieldsProps & { examples: readonly string[]; done: () => void };

/** One column mended in place: what it is, and what goes with that. */
export function Editor({ draft, column, examples, done }: EditorProps) {
  const { t } = useTexts();
  const role = roleOf(draft.mapping, column);
  const [lost, setLost] = useState<string[]>([]);
  const first = useRef<HTMLSelectElement>(null);
  useEffect(() => first.current?.focus({ preventScroll: true }), []);
  const become = (next: Role) => {
    setLost(lostWith(draft.mapping, column));
    draft.change(withRole(draft.mapping, column, next, sortOf(examples)));
  };
  const none = eventsOf(draft.mapping).length === 0;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape leaves the editor from any of its fields
    <div onKeyDown={(event) => event.key === "Escape" && done()}>
      <div className={classes.fields}>
        <NativeSelect
          ref={first}
          size="xs"
          label={t("import.field.role")}
          value={role}
          onChange={(event) => become(event.currentTarget.value as Role)}
          data={ROLES.map((one) => ({
            value: one,
            label: t(`import.role.${one}`),
            disabled: one === "recorded" && none && role !== one,
          }))}
        />
        <Fields role={role} draft={draft} column={column} />
      </div>
      <div className={classes.editorFoot}>
        <span className="soft" role="status">
          {lost.length > 0 && t("import.lost", { count: lost.length, names: lost.join(", ") })}
        </span>
        <Button size="compact-sm" variant="default" onClick={done}>
          {t("import.field.done")}
        </Button>
      </div>
    </div>
  );
}

function Fields({ role, ...props }: FieldsProps & { role: Role }) {
  switch (role) {
    case "attribute":
      return <AttributeFields {...props} />;
    case "link":
      return <LinkFields {...props} />;
    case "event":
      return <EventFields {...props} />;
    case "recorded":
      return <RecordedFields {...props} />;
    default:
      return null;
  }
}

const DATE = /^\d{1,4}[-./]\d{1,2}[-./]\d{1,4}/;
const NUMBER = /^[-+]?[\d.,' ]*\d[\d.,]*$/;

/** The sort to begin with where a column becomes an attribute by hand. */
function sortOf(examples: readonly string[]): Sort {
  if (examples.length > 0 && examples.every((one) => DATE.test(one))) return "day";
  if (examples.length > 0 && examples.every((one) => NUMBER.test(one))) return "number";
  return "category";
}
