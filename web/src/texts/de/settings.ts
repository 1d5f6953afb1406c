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
  "settings.duty": "Was immer gelten muss",
  "settings.duty.whole": {
    one: "Der eine Satz gilt, soeben geprüft.",
    other: "Alle {count} Sätze gelten, soeben geprüft.",
  },
  "settings.duty.broken": { one: "Ein Satz gilt nicht.", other: "{count} Sätze gelten nicht." },
  "settings.duty.holds": "Gilt.",
  "settings.duty.for": { one: "Gilt nicht für {example}.", other: "Gilt nicht für {count}, etwa {example}." },
  "settings.duty.since": "Zuerst gesehen am {day}.",
  "settings.hooks": "Eingehende Webhooks",
  "settings.hooks.none": "Noch sendet kein anderes System hierher. So entsteht ein Endpunkt:",
  "settings.hooks.of": "Quelle {source}, signiert als {scheme}.",
  "settings.hooks.last": "Zuletzt angenommen: {moment}.",
  "settings.hooks.never": "noch nichts",
  "settings.hooks.off": "Ausgeschaltet seit {day}.",
  "settings.hooks.refused": "Zuletzt abgewiesen: {moment}.",
  "import.title": "Einlesen",
  "ask.title": "Fragen",
};
