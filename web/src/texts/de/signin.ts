import type { signin as english } from "../en/signin.ts";
import type { Same } from "../types.ts";

export const signin: Same<typeof english> = {
  "signin.title": "Bei Sightline anmelden",
  "signin.lead": "Sehen, was einen Blick braucht, und wie weit man dem trauen kann.",
  "signin.again": "Melden Sie sich an, um dort weiterzumachen, wo Sie waren.",
  "signin.by.password": "Passwort",
  "signin.by.code": "Link-Code",
  "signin.by.token": "Zugangs-Token",
  "signin.name": "Name",
  "signin.password": "Passwort",
  "signin.code": "Code",
  "signin.code.hint":
    "`sightline open` druckt einen Link, der Sie anmeldet; sein letzter Teil ist der Code. Er gilt einmal, 15 Minuten lang.",
  "signin.token": "Token",
  "signin.token.hint":
    "`sightline token` zeigt den des Eigentümers auf dem Rechner, auf dem Sightline läuft.",
  "signin.submit": "Anmelden",
  "signin.working": "Sie werden angemeldet …",
  "signin.wrong.code":
    "Dieser Link wurde schon benutzt oder ist zu alt. `sightline open` druckt einen neuen.",
  "signin.how": "Zum ersten Mal hier?",
  "signin.how.text":
    "Geben Sie auf dem Rechner, auf dem Sightline läuft, `sightline open` ein. Das öffnet diese Seite, angemeldet als Eigentümer.",
};
