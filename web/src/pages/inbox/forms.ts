import type { KeyboardEvent } from "react";
import type { Asked } from "../../api/shapes.ts";
import type { Act } from "./useAnswer.ts";

export type FormProps = { item: Asked; busy: boolean; send: (act: Act) => void; close: () => void };

/** Escape closes a form, and lets the row have the focus again; nobody else hears of the key. */
export function onEscape(close: () => void, { id }: Asked) {
  return (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    close();
    document.querySelector<HTMLElement>(`[data-row="${id}"]`)?.focus();
  };
}
