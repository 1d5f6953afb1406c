import { useEffect, useRef } from "react";

export type Bindings = Readonly<Record<string, (event: KeyboardEvent) => void>>;

/** The second key of a pair such as `g t` must follow within this many milliseconds, slow hands and machines included. */
const TOGETHER = 3_000;

type Pressed = Pick<KeyboardEvent, "key" | "metaKey" | "ctrlKey" | "altKey">;

/** How a press is written in a binding: `j`, `?`, `mod+k`, `Enter`. */
export function nameOf(event: Pressed): string {
  const mod = event.metaKey || event.ctrlKey ? "mod+" : "";
  const key = event.key === " " ? "Space" : event.key;
  return `${mod}${event.altKey ? "alt+" : ""}${key.length === 1 && mod ? key.toLowerCase() : key}`;
}

/** Whether letters typed here are meant as text, not as commands. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const input = target instanceof HTMLInputElement && !["checkbox", "radio", "button"].includes(target.type);
  return input || target instanceof HTMLTextAreaElement || target.isContentEditable;
}

const inDialog = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  target.closest('[role="dialog"], [role="menu"], [role="listbox"]') !== null;

/** Whether a press belongs to what it was made in: a field, a dialog, or whoever has answered it already. */
function isTaken(event: KeyboardEvent, name: string): boolean {
  if (event.defaultPrevented) return true;
  return !name.startsWith("mod+") && (isTyping(event.target) || inDialog(event.target));
}

/** The first keys of pairs. What follows one is no key by itself, for nobody: `g a` leads to Ask and approves nothing. */
const LEADS = new Set(["g"]);

/** What a press asks for, given the one before it. */
export function heard(bindings: Bindings, before: string, name: string) {
  return LEADS.has(before) ? bindings[`${before} ${name}`] : bindings[name];
}

/** Bind keys, and pairs of them (`g t`), as long as the component stands. Fields and dialogs keep their keys. */
export function useKeys(bindings: Bindings): void {
  const current = useRef(bindings);
  current.current = bindings;
  useEffect(() => {
    let before = { name: "", at: 0 };
    const pressed = (event: KeyboardEvent) => {
      const name = nameOf(event);
      if (isTaken(event, name)) return;
      const found = heard(current.current, event.timeStamp - before.at < TOGETHER ? before.name : "", name);
      before = { name, at: event.timeStamp };
      if (!found) return;
      event.preventDefault();
      found(event);
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, []);
}
