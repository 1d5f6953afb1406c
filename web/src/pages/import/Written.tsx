import { TextInput } from "@mantine/core";
import { useEffect, useId, useState } from "react";

type WrittenProps = {
  label: string;
  value: string;
  write: (value: string) => void;
  /** Whether an empty field is kept back rather than written. */
  needed?: boolean;
  hint?: string;
  placeholder?: string;
  suggestions?: readonly string[];
};

/** A text of the mapping; what is typed is written as it is typed, but never an empty name. */
export function Written({ label, value, write, needed, hint, placeholder, suggestions }: WrittenProps) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  const id = useId();
  const list = suggestions && suggestions.length > 0 ? id : undefined;
  return (
    <div>
      <TextInput
        size="xs"
        label={label}
        value={typed}
        {...(list ? { list } : {})}
        {...(hint ? { description: hint } : {})}
        {...(placeholder ? { placeholder } : {})}
        onChange={(event) => {
          const next = event.currentTarget.value;
          setTyped(next);
          if (!needed || next.trim() !== "") write(next.trim());
        }}
        onBlur={() => setTyped(value)}
        spellCheck={false}
        autoComplete="off"
      />
      {list && (
        <datalist id={list}>
          {suggestions?.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
    </div>
  );
}
