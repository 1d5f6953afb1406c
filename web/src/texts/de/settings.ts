import type { settings as english } from "../en/settings.ts";
import type { Same } from "../types.ts";

export const settings: Same<typeof english> = {
  "settings.title": "Einstellungen",
  "settings.look": "Erscheinungsbild und Sprache",
  "settings.account": "Konto",
  "settings.account.text": "Angemeldet als {name}, {role} von {workspace}.",
  "settings.password": "Passwort",
  "settings.password.none":
    "Noch gibt es kein Passwort: Sie kamen über Link oder Token. Setzen Sie eines, um sich mit Namen anzumelden.",
  "settings.password.current": "Jetziges Passwort",
  "settings.password.new": "Neues Passwort",
  "settings.password.hint": "Mindestens 12 Zeichen. Ein paar Wörter merken sich leichter als Sonderzeichen.",
  "settings.password.save": "Passwort speichern",
  "settings.password.saved": "Das Passwort ist gespeichert.",
  "import.title": "Einlesen",
  "ask.title": "Fragen",
};
