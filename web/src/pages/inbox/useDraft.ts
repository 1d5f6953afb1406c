import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

/**
 * A draft as it was changed here; undefined where it was not. It stays until it is sent or taken back, wherever one goes
 * meanwhile. Kept beside what was read, so that it goes with it when one signs out or changes the workspace.
 */
export function useDraft(id: string): [string | undefined, (text: string | undefined) => void] {
  const queries = useQueryClient();
  const queryKey = ["draft", id];
  // What is typed is shown at once, as what is kept beside would not be.
  const [draft, setDraft] = useState(() => queries.getQueryData<string | null>(queryKey) ?? undefined);
  const write = (text: string | undefined) => {
    setDraft(text);
    queries.setQueryDefaults(["draft"], { gcTime: Number.POSITIVE_INFINITY });
    queries.setQueryData<string | null>(queryKey, text ?? null);
  };
  return [draft, write];
}
