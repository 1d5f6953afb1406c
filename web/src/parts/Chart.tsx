import { Button, Skeleton, Table, useComputedColorScheme } from "@mantine/core";
import { Suspense, useId, useMemo, useState } from "react";
import { useTexts } from "../texts/Texts.tsx";
import type { Option } from "./chart/Canvas.tsx";
import { type Look, lookOf } from "./chart/look.ts";
import { lazily } from "./lazily.tsx";

const Canvas = lazily(async () => (await import("./chart/Canvas.tsx")).default);
const HEIGHT = 280;

export type Tabled = { columns: readonly string[]; rows: readonly (readonly (string | number)[])[] };

type ChartProps = {
  /** What the chart shows, as its heading. */
  title: string;
  /** What one sees in it, in a sentence: readers of the screen hear it, and it stands under the heading. */
  says: string;
  /** An ECharts option in the colours given; keep the function stable (useCallback), each change draws anew. */
  option: (look: Look) => Option;
  /** The same figures in rows. */
  table: Tabled;
  height?: number;
};

/** A chart that says what it shows, and turns into a table for whoever cannot or will not read a drawing. */
export function Chart({ title, says, option, table, height = HEIGHT }: ChartProps) {
  const { t } = useTexts();
  const [asTable, setAsTable] = useState(false);
  const heading = useId();
  const dark = useComputedColorScheme("light") === "dark";
  const look = useMemo(() => lookOf(dark), [dark]);
  const drawn = useMemo(() => option(look), [option, look]);
  return (
    <section aria-labelledby={heading}>
      <div style={{ display: "flex", alignItems: "baseline", justifyContent: "space-between", gap: 16 }}>
        <h3 id={heading} style={{ margin: 0, fontSize: "0.875rem" }}>
          {title}
        </h3>
        <Button
          flex="none"
          size="compact-xs"
          variant="subtle"
          color="gray"
          onClick={() => setAsTable(!asTable)}
        >
          {t(asTable ? "chart.chart" : "chart.table")}
        </Button>
      </div>
      <p className="soft" style={{ margin: "2px 0 12px" }}>
        {says}
      </p>
      {asTable ? (
        <Figures {...table} label={title} />
      ) : (
        <Suspense fallback={<Skeleton height={height} />}>
          <Canvas option={drawn} look={look} label={`${title}. ${says}`} height={height} />
        </Suspense>
      )}
    </section>
  );
}

function Figures({ columns, rows, label }: Tabled & { label: string }) {
  const { format } = useTexts();
  return (
    <Table.ScrollContainer minWidth={0} maxHeight={420} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
      <Table aria-label={label} stickyHeader>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th key={column}>{column}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.join("\u0000")}>
              {row.map((cell, place) => (
                <Table.Td key={columns[place]} className="num">
                  {typeof cell === "number" ? format.number(cell) : cell}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
