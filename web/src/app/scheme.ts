import type { MantineColorScheme, MantineColorSchemeManager } from "@mantine/core";

/** The same name as in public/scheme.js, which reads it before anything is painted. */
const KEPT = "sightline.scheme";

const known = (value: string | null): value is MantineColorScheme =>
  value === "light" || value === "dark" || value === "auto";

export const scheme: MantineColorSchemeManager = {
  get: (fallback) => {
    const kept = localStorage.getItem(KEPT);
    return known(kept) ? kept : fallback;
  },
  set: (value) => {
    localStorage.setItem(KEPT, value);
    document.documentElement.style.background = "";
  },
  subscribe: (changed) => {
    listener = ({ key, newValue }) => key === KEPT && known(newValue) && changed(newValue);
    window.addEventListener("storage", listener);
  },
  unsubscribe: () => listener && window.removeEventListener("storage", listener),
  clear: () => localStorage.removeItem(KEPT),
};

let listener: ((event: StorageEvent) => void) | null = null;
