import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Problem } from "../../api/problem.ts";
import type { Checked } from "../../api/shapes.ts";
import { checked } from "../../api/work.ts";
import type { Mark } from "./Coloured.tsx";
import { isBroken, isComplete } from "./complete.ts";

/** How long typing must rest before the server is asked, in milliseconds. */
const REST = 300;

export type Check = {
  /** What asking would come to; kept while the next answer is awaited. */
  told: Checked | undefined;
  error: unknown;
  mark: Mark | undefined;
  allowed: readonly string[];
  checking: boolean;
  /** Whether `told` is about the line as it stands. */
  fresh: boolean;
};

/** Ask the server what a line would come to, once it is whole or wrong; a line merely unfinished is left in peace. */
export function useCheck(line: string): Check {
  const [rested] = useDebouncedValue(line.trim(), REST);
  const worth = isComplete(rested) || isBroken(rested);
  const { data, error, isFetching } = useQuery({ ...checked(rested), enabled: worth });
  const fresh = worth && rested === line.trim();
  return {
    told: worth ? data : undefined,
    error: fresh && error ? error : null,
    mark: fresh && error ? markOf(error, rested, line.length - line.trimStart().length) : undefined,
    allowed: fresh && error instanceof Problem && isTexts(error.more.allowed) ? error.more.allowed : [],
    checking: worth && (isFetching || !fresh),
    fresh: fresh && data !== undefined && !error,
  };
}

const isTexts = (value: unknown): value is string[] => Array.isArray(value);

/** Where the word stands that an error is about: as it says, else the first that it quotes. */
function markOf(error: unknown, line: string, indent: number): Mark | undefined {
  if (!(error instanceof Problem)) return undefined;
  const { at, length } = error.more;
  if (typeof at === "number" && typeof length === "number") return { at: at + indent, length };
  const quoted = /'([^']+)'/.exec(error.detail)?.[1];
  const found = quoted === undefined ? -1 : ` ${line} `.indexOf(` ${quoted} `);
  return quoted === undefined || found < 0 ? undefined : { at: found + indent, length: quoted.length };
}
