import { BarChart, LineChart, ScatterChart } from "echarts/charts";
import {
  AriaComponent,
  DatasetComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
} from "echarts/components";
import { type EChartsCoreOption, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import type { Look } from "./look.ts";

use([
  ...[BarChart, LineChart, ScatterChart, CanvasRenderer],
  ...[AriaComponent, DatasetComponent, GridComponent, LegendComponent],
  ...[MarkAreaComponent, MarkLineComponent, TooltipComponent],
]);

export type Option = EChartsCoreOption;

type CanvasProps = { option: Option; look: Look; label: string; height: number };

/** Draws the option, and again whenever it, the colours or the width change. */
export default function Canvas({ option, look, label, height }: CanvasProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (place.current === null) return;
    const chart = init(place.current, null, { renderer: "canvas" });
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    chart.setOption({ animation: !still, ...merged(common(look), option) });
    const watcher = new ResizeObserver(() => chart.resize());
    watcher.observe(place.current);
    return () => {
      watcher.disconnect();
      chart.dispose();
    };
  }, [option, look]);
  return <div ref={place} role="img" aria-label={label} style={{ height }} />;
}

/** The option over what is common; of the tooltip and the legend only what it names is another. */
function merged(all: Option, own: Option): Option {
  const part = (name: "tooltip" | "legend") =>
    own[name] === undefined ? {} : { [name]: Object.assign({}, all[name], own[name]) };
  return { ...all, ...own, ...part("tooltip"), ...part("legend") };
}

/** What all charts have in common. Tooltips are drawn on the canvas: the policy takes no styled markup from strings. */
function common(look: Look): Option {
  return {
    color: [...look.palette],
    textStyle: { fontFamily: "Inter Variable, system-ui, sans-serif", fontSize: 12, color: look.soft },
    grid: { left: 8, right: 16, top: 32, bottom: 8, containLabel: true },
    animationDuration: 250,
    tooltip: {
      renderMode: "richText",
      backgroundColor: look.surface,
      borderColor: look.line,
      textStyle: { color: look.ink, fontSize: 12 },
    },
    legend: {
      top: 0,
      left: 0,
      icon: "roundRect",
      itemWidth: 12,
      itemHeight: 4,
      textStyle: { color: look.soft },
    },
  };
}
