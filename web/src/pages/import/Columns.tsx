import {
  CalendarCheck,
  CalendarClock,
  ChevronDown,
  KeyRound,
  type LucideIcon,
  Minus,
  MoveUpRight,
  Tag,
} from "lucide-react";
import { useEffect, useId, useRef } from "react";
import type { Proposal } from "../../api/shapes.ts";
import { useRowKeys } from "../../parts/DataTable.tsx";
import { Badge } from "../../parts/values.tsx";
import { type Texts, useTexts } from "../../texts/Texts.tsx";
import { Editor } from "./Editor.tsx";
import classes from "./import.module.css";
import { datedBy, isChanged, type MappingDocument, type Role, recordedBy, roleOf } from "./mapping.ts";
import type { Draft } from "./useDraft.ts";

type ColumnsProps = {
  draft: Draft;
  proposed: Proposal;
  open: string | null;
  setOpen: (column: string | null) => void;
};

/** Each column of the file: what it becomes, beside what stands in it; opened, it can be mended in place. */
export function Columns({ draft, proposed, open, setOpen }: ColumnsProps) {
  const { t } = useTexts();
  useRowKeys();
  return (
    <section aria-label={t("import.tab.columns")}>
      <div className={classes.columnHead} aria-hidden>
        <span>{t("import.column")}</span>
        <span>{t("import.becomes")}</span>
        <span>{t("import.filled")}</span>
      </div>
      <ul className={classes.columns}>
        {proposed.columns.map((seen) => (
          <Column
            key={seen.column}
            seen={seen}
            draft={draft}
            changed={isChanged(proposed.mapping as MappingDocument, draft.mapping, seen.column)}
            open={open === seen.column}
            toggle={() => setOpen(open === seen.column ? null : seen.column)}
          />
        ))}
      </ul>
    </section>
  );
}

type Seen = Proposal["columns"][number];
type ColumnProps = { seen: Seen; draft: Draft; changed: boolean; open: boolean; toggle: () => void };

function Column({ seen, draft, changed, open, toggle }: ColumnProps) {
  const { t } = useTexts();
  const item = useRef<HTMLLIElement>(null);
  const row = useRef<HTMLButtonElement>(null);
  const name = useId();
  useEffect(() => {
    if (open) item.current?.scrollIntoView({ block: "nearest" });
  }, [open]);
  const leave = () => {
    toggle();
    row.current?.focus();
  };
  return (
    <li ref={item} className={classes.column} data-open={open || undefined}>
      <button
        ref={row}
        type="button"
        data-row={seen.column}
        className={classes.columnRow}
        aria-expanded={open}
        aria-controls={name}
        onClick={toggle}
      >
        <span className={classes.columnName}>
          <strong className="cut">{seen.column}</strong>
          <span className="soft cut">{seen.examples.join(" · ") || "–"}</span>
        </span>
        <span className={classes.becomes}>
          <Says mapping={draft.mapping} column={seen.column} />
          {changed ? (
            <Badge tone="accent">{t("import.changed")}</Badge>
          ) : (
            <span className={`soft ${classes.why}`}>{seen.why}</span>
          )}
        </span>
        <Filled seen={seen} />
        <ChevronDown size={14} className={classes.chevron} aria-hidden />
      </button>
      {open && (
        <div id={name} className={classes.editor}>
          <Editor draft={draft} column={seen.column} examples={seen.examples} done={leave} />
        </div>
      )}
    </li>
  );
}

const ICONS: Readonly<Record<Role, LucideIcon>> = {
  key: KeyRound,
  link: MoveUpRight,
  attribute: Tag,
  event: CalendarCheck,
  recorded: CalendarClock,
  out: Minus,
};

function Says({ mapping, column }: { mapping: MappingDocument; column: string }) {
  const { t } = useTexts();
  const role = roleOf(mapping, column);
  const says = mapping.columns?.[column];
  const Icon = ICONS[role];
  const personal = says?.personal || (role === "key" && mapping.person);
  return (
    <span className={classes.says} data-role={role}>
      <Icon size={14} aria-hidden />
      <span>{words(mapping, column, t)}</span>
      {says?.known && role !== "event" && (
        <span className="soft">{t("import.says.known", { event: says.known })}</span>
      )}
      {personal && <Badge tone="warn">{t("import.personal")}</Badge>}
      {says?.actionable && role === "attribute" && <Badge tone="plain">{t("import.actionable")}</Badge>}
    </span>
  );
}

function words(mapping: MappingDocument, column: string, t: Texts["t"]): string {
  const says = mapping.columns?.[column];
  const event = datedBy(mapping, column) ?? recordedBy(mapping, column) ?? "";
  switch (roleOf(mapping, column)) {
    case "key":
      return t("import.says.key", { kind: mapping.kind });
    case "link":
      return t("import.says.link", { kind: says?.link ?? "" });
    case "event":
      return t("import.says.event", { event });
    case "recorded":
      return t("import.says.recorded", { event });
    case "out":
      return t("import.says.out");
    case "attribute": {
      const sort = t(`import.sort.${says?.sort ?? "category"}`);
      return says?.unit ? t("import.says.unit", { sort, unit: says.unit }) : sort;
    }
  }
}

function Filled({ seen }: { seen: Seen }) {
  const { t, format } = useTexts();
  return (
    <span className={classes.filled}>
      <span className="num">{t("import.filled.of", { share: format.share(seen.filled) })}</span>
      <span className="soft num">{t("import.distinct", { count: seen.distinct })}</span>
    </span>
  );
}
