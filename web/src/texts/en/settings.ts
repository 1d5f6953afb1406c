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
  "import.title": "Import",
  "ask.title": "Ask",
} as const satisfies Catalogue;
