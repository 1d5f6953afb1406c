import { useDebouncedCallback } from "@mantine/hooks";
import { useRouter } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";

export type Told<T> = { value: T; at: number };

/** After this many milliseconds what was told has arrived, or never will. */
const ARRIVED = 5_000;

/**
 * Whether a value the address took on is one we told it, and then what we told it after that and is still on its way.
 * Addresses may skip values: of several told in quick succession only the last need arrive.
 */
export function echoed<T>(told: readonly Told<T>[], arrived: T, now: number): readonly Told<T>[] | undefined {
  const recent = told.filter((one) => now - one.at < ARRIVED);
  const place = recent.findLastIndex((one) => one.value === arrived);
  return place < 0 ? undefined : recent.slice(place + 1);
}

/**
 * A value that stands in the address, shown at once where it is changed and told after a rest of some milliseconds,
 * unless another page was gone to meanwhile. It follows the address when that changes elsewhere. Its own values coming
 * back late move nothing: whoever has gone on typing would lose a letter.
 */
export function useAhead<T>(value: T, tell: (value: T) => void, rest: number) {
  const router = useRouter();
  const [shown, setShown] = useState(value);
  const underWay = useRef<readonly Told<T>[]>([]);
  const standing = useRef(value);
  const page = useRef("");
  const later = useDebouncedCallback((next: T) => {
    if (router.latestLocation.pathname !== page.current) return;
    if (next !== (underWay.current.at(-1)?.value ?? standing.current))
      underWay.current = [...underWay.current, { value: next, at: Date.now() }];
    tell(next);
  }, rest);
  useEffect(() => {
    if (standing.current === value) return;
    standing.current = value;
    const left = echoed(underWay.current, value, Date.now());
    underWay.current = left ?? [];
    if (left) return;
    later.cancel();
    setShown(value);
  }, [value, later]);
  const choose = (next: T) => {
    page.current = router.latestLocation.pathname;
    setShown(next);
    later(next);
  };
  return [shown, choose] as const;
}
