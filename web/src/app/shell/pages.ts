import { FileUp, type LucideIcon, MessageCircleQuestionMark, Settings, Sun } from "lucide-react";
import type { Key } from "../../texts/catalogue.ts";

type PageEntry = { to: "/" | "/ask" | "/import" | "/settings"; label: Key; icon: LucideIcon; keys?: string };

/** The pages one goes to by name, in the order of the bars. */
export const PAGES: readonly PageEntry[] = [
  { to: "/", label: "nav.today", icon: Sun, keys: "g t" },
  { to: "/ask", label: "nav.ask", icon: MessageCircleQuestionMark, keys: "g a" },
  { to: "/import", label: "nav.import", icon: FileUp, keys: "g i" },
];

export const SETTINGS: PageEntry = { to: "/settings", label: "nav.settings", icon: Settings };
