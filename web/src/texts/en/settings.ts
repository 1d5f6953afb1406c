import type { Catalogue } from "../types.ts";

export const settings = {
  "settings.title": "Settings",
  "settings.look": "Appearance and language",
  "settings.account": "Account",
  "settings.account.text": "Signed in as {name}, {role} of {workspace}.",
  "settings.password": "Password",
  "settings.password.none":
    "There is no password yet: you came by link or token. Set one to sign in by name.",
  "settings.password.current": "Current password",
  "settings.password.new": "New password",
  "settings.password.hint": "At least 12 characters. A few words are easier to remember than signs.",
  "settings.password.save": "Save the password",
  "settings.password.saved": "The password is saved.",
  "settings.duty": "What must always be true",
  "settings.duty.whole": {
    one: "The one sentence holds, asked just now.",
    other: "All {count} sentences hold, asked just now.",
  },
  "settings.duty.broken": { one: "One sentence does not hold.", other: "{count} sentences do not hold." },
  "settings.duty.holds": "It holds.",
  "settings.duty.for": {
    one: "It does not hold for {example}.",
    other: "It does not hold for {count}, such as {example}.",
  },
  "settings.duty.since": "First seen on {day}.",
  "settings.hooks": "Webhooks in",
  "settings.hooks.none": "No other system posts here yet. This makes an endpoint:",
  "settings.hooks.of": "Source {source}, signed as {scheme}.",
  "settings.hooks.last": "Last message taken: {moment}.",
  "settings.hooks.never": "none yet",
  "settings.hooks.off": "Switched off since {day}.",
  "settings.hooks.refused": "Last refused: {moment}.",
  "import.title": "Import",
  "ask.title": "Ask",
} as const satisfies Catalogue;
