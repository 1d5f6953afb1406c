import type { ReactNode } from "react";
import classes from "./proof.module.css";

/** A table wider than a phone: it moves sideways by itself, by keyboard too. */
export function Scrolled({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be announced as a form's
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <div role="group" className={classes.scroll} aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
