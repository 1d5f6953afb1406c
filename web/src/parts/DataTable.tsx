import { type CSSProperties, type KeyboardEvent, type MouseEvent, type ReactNode, useState } from "react";
import { useKeys } from "../app/keys.ts";
import classes from "./DataTable.module.css";
import { moveRow } from "./rows.ts";

export type Column<Row> = {
  key: string;
  header: ReactNode;
  cell: (row: Row) => ReactNode;
  /** A CSS grid track, such as `minmax(0, 1fr)` or `96px`. */
  width: string;
  end?: boolean;
  /** Left out on narrow screens, unless the page's own style places it. */
  wide?: boolean;
};

type DataTableProps<Row> = {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  id: (row: Row) => string;
  /** Enter, or a second click. */
  open?: (row: Row) => void;
  /** A row took the focus, or was clicked. */
  choose?: (row: Row) => void;
  /** A row was clicked, where that asks for more than a look. */
  press?: (row: Row) => void;
  /** What other keys do on a row: `{ x: select }`. */
  keys?: Readonly<Record<string, (row: Row) => void>>;
  current?: string | undefined;
  selected?: ReadonlySet<string>;
  className?: string | undefined;
};

/** A list to be read by row: j and k move through it, Enter opens, and a reader hears it as a grid. */
export function DataTable<Row>(table: DataTableProps<Row>) {
  const { label, columns, rows, id, className } = table;
  const [focused, setFocused] = useState<string>();
  const reach = rows.some((row) => id(row) === (focused ?? table.current))
    ? (focused ?? table.current)
    : undefined;
  const tracks = { "--tracks": columns.map((column) => column.width).join(" ") } as CSSProperties;
  return (
    // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: ARIA makes a table whose rows take the focus a grid
    <table role="grid" aria-label={label} className={`${classes.table} ${className ?? ""}`} style={tracks}>
      <thead className={classes.head}>
        <tr className={classes.row}>
          {columns.map((column) => (
            <th key={column.key} data-column={column.key} className={cellClass(column)} scope="col">
              {column.header}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, place) => (
          <Line
            key={id(row)}
            table={table}
            row={row}
            reachable={reach === undefined ? place === 0 : id(row) === reach}
            focus={() => setFocused(id(row))}
          />
        ))}
      </tbody>
    </table>
  );
}

type LineProps<Row> = { table: DataTableProps<Row>; row: Row; reachable: boolean; focus: () => void };

function Line<Row>({ table, row, reachable, focus }: LineProps<Row>) {
  const name = table.id(row);
  return (
    <tr
      className={classes.row}
      data-row={name}
      data-current={table.current === name || undefined}
      aria-selected={table.selected?.has(name) ?? false}
      tabIndex={reachable ? 0 : -1}
      onFocus={(event) => {
        focus();
        if (event.target === event.currentTarget) table.choose?.(row);
      }}
      onClick={(event) => !onControl(event) && (table.press ?? table.choose)?.(row)}
      onKeyDown={(event) => pressed(event, table, row)}
    >
      {table.columns.map((column) => (
        <td key={column.key} data-column={column.key} className={cellClass(column)}>
          {column.cell(row)}
        </td>
      ))}
    </tr>
  );
}

const cellClass = (column: { end?: boolean; wide?: boolean }) =>
  [classes.cell, column.end && classes.end, column.wide && classes.wide].filter(Boolean).join(" ");

const onControl = (event: MouseEvent) =>
  (event.target as Element).closest("a, button, input, label") !== null;

function pressed<Row>(event: KeyboardEvent<HTMLElement>, table: DataTableProps<Row>, row: Row): void {
  if (event.target !== event.currentTarget || event.metaKey || event.ctrlKey || event.altKey) return;
  const key = event.key === " " ? "Space" : event.key;
  const known = { Enter: table.open, ...table.keys }[key];
  if (known === undefined && key !== "ArrowDown" && key !== "ArrowUp") return;
  event.preventDefault();
  if (known) known(row);
  else moveRow(key === "ArrowDown" ? 1 : -1);
}

/** Let j and k move over the rows of this page, however many lists it has. */
export function useRowKeys(): void {
  useKeys({ j: () => moveRow(1), k: () => moveRow(-1) });
}
