import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { api, body } from "../../api/client.ts";
import type { Preview, Proposal } from "../../api/shapes.ts";
import type { MappingDocument } from "./mapping.ts";

/** How long typing must rest before the mapping is tried, in milliseconds. */
const REST = 300;

/** What was made of the proposal: a changed document, or a text; null while it is as proposed. */
type Changed = { mapping: MappingDocument } | { text: string };

export type Draft = {
  mapping: MappingDocument;
  text: string;
  /** What the last mapping that held makes of the first rows. */
  preview: Preview;
  /** Why the present one does not hold; null when it does. */
  error: unknown;
  reading: boolean;
  changed: boolean;
  /** What to import by; undefined while it does not hold or has not been tried. */
  ready: Changed | undefined;
  change: (mapping: MappingDocument) => void;
  write: (text: string) => void;
  restore: () => void;
};

/** A proposal being mended: every change is tried on the first rows before it counts. */
export function useDraft(file: string, proposed: Proposal): Draft {
  const [changed, setChanged] = useState<Changed | null>(null);
  const [tried] = useDebouncedValue(changed, REST);
  const good = useRef<Preview>(proposed);
  const { data, error, isFetching } = useQuery({
    queryKey: ["preview", file, tried],
    queryFn: ({ signal }) =>
      body(api.POST("/v1/files/{id}/preview", { params: { path: { id: file } }, body: tried ?? {}, signal })),
    enabled: tried !== null,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (changed === null) good.current = proposed;
  else if (data !== undefined) good.current = data;
  const reading = tried !== changed || isFetching;
  const wrong = changed !== null && !reading ? error : null;
  return {
    mapping: documentOf(changed, good.current),
    text: changed !== null && "text" in changed ? changed.text : good.current.text,
    preview: good.current,
    error: wrong,
    reading,
    changed: changed !== null,
    ready: reading || wrong ? undefined : (changed ?? { mapping: documentOf(null, proposed) }),
    change: (next) => setChanged({ mapping: next }),
    write: (text) => setChanged({ text }),
    restore: () => setChanged(null),
  };
}

/** What is edited: the changed document; of a changed text the one it last made. */
function documentOf(changed: Changed | null, good: Preview): MappingDocument {
  return changed !== null && "mapping" in changed ? changed.mapping : (good.mapping as MappingDocument);
}
