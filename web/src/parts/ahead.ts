import { useDebouncedCallback } from "@mantine/hooks";
import { useEffect, useRef, useState } from "react";

/**
 * Whether a value the address took on is one we told it, and then what we told it after that and is still on its way.
 * Addresses may skip values: of several told in quick succession only the last need arrive.
 */
export function echoed<T>(told: readonly T[], arrived: T): readonly T[] | undefined {
  const place = told.lastIndexOf(arrived);
  return place < 0 ? undefined : told.slice(place + 1);
}

/**
 * A value that stands in the address, shown at once where it is changed and told after a rest of some milliseconds.
 * It follows the address when that changes elsewhere. Its own values coming back late move nothing: whoever has
 * gone on typing meanwhile would lose a letter.
 */
export function useAhead<T>(value: T, tell: (value: T) => void, rest: number) {
  const [shown, setShown] = useState(value);
  const underWay = useRef<readonly T[]>([]);
  const standing = useRef(value);
  const later = useDebouncedCallback((next: T) => {
    if (next === (underWay.current.at(-1) ?? standing.current)) return;
    underWay.current = [...underWay.current, next];
    tell(next);
  }, rest);
  useEffect(() => {
    if (standing.current === value) return;
    standing.current = value;
    const left = echoed(underWay.current, value);
    underWay.current = left ?? [];
    if (left) return;
    later.cancel();
    setShown(value);
  }, [value, later]);
  const choose = (next: T) => {
    setShown(next);
    later(next);
  };
  return [shown, choose] as const;
}
