import { type KeyboardEvent, type RefObject, useId, useLayoutEffect, useRef, useState } from "react";
import type { Catalog } from "../../api/shapes.ts";
import { useTexts } from "../../texts/Texts.tsx";
import classes from "./ask.module.css";
import { Coloured, type Mark } from "./Coloured.tsx";
import { accepted, type Completion, complete, isComplete } from "./complete.ts";
import { Options } from "./Options.tsx";

type LineFieldProps = {
  line: string;
  write: (line: string) => void;
  catalog: Catalog | undefined;
  mark: Mark | undefined;
  wrong: boolean;
  submit: () => void;
  field: RefObject<HTMLInputElement | null>;
  describedBy: string;
};

/** The question as one line, with what might stand next: arrows choose, Tab and Enter take, Escape closes. */
export function LineField(props: LineFieldProps) {
  const { line, catalog, mark, wrong, field, describedBy } = props;
  const { t } = useTexts();
  const id = useId();
  const choosing = useChoosing(props);
  const { completion, open, active } = choosing;
  const backdrop = useRef<HTMLDivElement>(null);
  const follow = () => {
    if (backdrop.current && field.current) backdrop.current.scrollLeft = field.current.scrollLeft;
  };
  useLayoutEffect(follow);
  return (
    <div className={classes.field} data-wrong={wrong || undefined}>
      <div ref={backdrop} className={classes.backdrop} aria-hidden>
        <Coloured line={line} mark={mark} />
      </div>
      <input
        ref={field}
        className={classes.input}
        value={line}
        placeholder={t("ask.line.placeholder")}
        aria-label={t("ask.line")}
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={open}
        aria-controls={`${id}-list`}
        aria-activedescendant={open && active >= 0 ? `${id}-${active}` : undefined}
        aria-invalid={wrong}
        aria-describedby={describedBy}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        onChange={(event) => choosing.typed(event.currentTarget.value, event.currentTarget.selectionStart)}
        onKeyDown={choosing.pressed}
        onClick={(event) => choosing.moved(event.currentTarget.selectionStart)}
        onScroll={follow}
        onBlur={choosing.close}
      />
      {open && (
        <Options
          id={id}
          catalog={catalog}
          completion={completion}
          active={active}
          take={choosing.take}
          label={t("ask.options")}
        />
      )}
    </div>
  );
}

/** Which options are open, which of them is active, and what the keys do about it. */
function useChoosing({ line, write, catalog, submit, field }: LineFieldProps) {
  const [caret, setCaret] = useState(line.length);
  const [wanted, setWanted] = useState(false);
  const [active, setActive] = useState(-1);
  const place = useRef<number | null>(null);
  const completion: Completion = complete(line, Math.min(caret, line.length), catalog);
  const open = wanted && completion.options.length > 0;

  useLayoutEffect(() => {
    if (place.current === null) return;
    field.current?.setSelectionRange(place.current, place.current);
    place.current = null;
  });

  /** After the text has changed: nothing is chosen beforehand where Enter should rather ask. */
  const put = (next: string, at: number) => {
    write(next);
    setCaret(at);
    setWanted(true);
    setActive(isComplete(next) && !/\S$/.test(next.slice(0, at)) ? -1 : 0);
  };
  const take = (text: string) => {
    const made = accepted(line, completion, text);
    place.current = made.caret;
    put(made.line, made.caret);
    field.current?.focus();
  };
  const step = (by: number) => {
    const count = completion.options.length;
    setWanted(true);
    if (count > 0) setActive(open ? (active + by + count) % count : by > 0 ? 0 : count - 1);
  };
  const takeActive = (): boolean => {
    const chosen = open ? completion.options[active] : undefined;
    if (chosen) take(chosen.text);
    return chosen !== undefined;
  };
  const answered = (event: KeyboardEvent<HTMLInputElement>): boolean => {
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp":
        step(event.key === "ArrowDown" ? 1 : -1);
        return true;
      case "Tab":
        return !event.shiftKey && takeActive();
      case "Enter":
        if (event.metaKey || event.ctrlKey || !takeActive()) submit();
        return true;
      case "Escape":
        setWanted(false);
        return open;
      default:
        return false;
    }
  };
  const pressed = (event: KeyboardEvent<HTMLInputElement>) => {
    if (!event.nativeEvent.isComposing && answered(event)) event.preventDefault();
  };
  return {
    completion,
    open,
    active,
    take,
    pressed,
    typed: (text: string, at: number | null) => put(text.replace(/[\r\n]+/g, " "), at ?? text.length),
    moved: (at: number | null) => {
      setCaret(at ?? line.length);
      setWanted(true);
      setActive(-1);
    },
    close: () => setWanted(false),
  };
}
