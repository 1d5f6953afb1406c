import { CloseButton, TextInput } from "@mantine/core";
import { ListFilter } from "lucide-react";
import { useRef } from "react";
import { useKeys } from "../app/keys.ts";
import { useTexts } from "../texts/Texts.tsx";
import { useAhead } from "./ahead.ts";

const REST = 200;

type WordsProps = {
  label: string;
  value: string;
  change: (value: string) => void;
  className?: string | undefined;
};

/** The words a list is narrowed by. `/` leads here, Escape empties it and then leads away. */
export function Words({ label, value, change, className }: WordsProps) {
  const { t } = useTexts();
  const field = useRef<HTMLInputElement>(null);
  const [typed, write] = useAhead(value, change, REST);
  useKeys({ "/": () => field.current?.focus() });
  return (
    <TextInput
      ref={field}
      size="sm"
      type="search"
      className={className ?? ""}
      aria-label={label}
      placeholder={label}
      leftSection={<ListFilter size={15} aria-hidden />}
      rightSection={
        typed ? (
          <CloseButton size="sm" aria-label={t("words.clear")} onClick={() => write("")} />
        ) : (
          <kbd className="slash">/</kbd>
        )
      }
      value={typed}
      onChange={(event) => write(event.currentTarget.value)}
      onKeyDown={(event) => event.key === "Escape" && (typed ? write("") : field.current?.blur())}
    />
  );
}
