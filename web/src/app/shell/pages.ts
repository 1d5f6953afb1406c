import {
  FileUp,
  Inbox,
  ListChecks,
  type LucideIcon,
  MessageCircleQuestionMark,
  Settings,
  Sun,
} from "lucide-react";
import type { Key } from "../../texts/catalogue.ts";

type PageEntry = {
  to: "/" | "/inbox" | "/ask" | "/playbooks" | "/import" | "/settings";
  label: Key;
  icon: LucideIcon;
  keys?: string;
  /** Beside its name stands how much is open there. */
  counts?: boolean;
  /** At thumb's reach on a phone; the others stand behind "More". */
  near?: boolean;
};

/** The pages one goes to by name, in the order of the bars. */
export const PAGES: readonly PageEntry[] = [
  { to: "/", label: "nav.today", icon: Sun, keys: "g t", near: true },
  { to: "/inbox", label: "nav.inbox", icon: Inbox, keys: "g n", counts: true, near: true },
  { to: "/ask", label: "nav.ask", icon: MessageCircleQuestionMark, keys: "g a", near: true },
  { to: "/playbooks", label: "nav.playbooks", icon: ListChecks, keys: "g p" },
  { to: "/import", label: "nav.import", icon: FileUp, keys: "g i" },
];

export const SETTINGS: PageEntry = { to: "/settings", label: "nav.settings", icon: Settings };
