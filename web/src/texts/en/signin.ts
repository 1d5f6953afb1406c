import type { Catalogue } from "../types.ts";

export const signin = {
  "signin.title": "Sign in to Sightline",
  "signin.lead": "See what needs a look, and how far to trust it.",
  "signin.again": "Sign in to go on where you were.",
  "signin.by.password": "Password",
  "signin.by.code": "Link code",
  "signin.by.token": "Access token",
  "signin.name": "Name",
  "signin.password": "Password",
  "signin.code": "Code",
  "signin.code.hint":
    "`sightline open` prints a link that signs you in; its last part is the code. It works once, for 15 minutes.",
  "signin.token": "Token",
  "signin.token.hint": "`sightline token` shows the owner’s token on the machine where Sightline runs.",
  "signin.submit": "Sign in",
  "signin.working": "Signing you in …",
  "signin.wrong.code": "This link has been used or is too old. Run `sightline open` for a new one.",
  "signin.how": "First time here?",
  "signin.how.text":
    "On the machine where Sightline runs, type `sightline open`. It opens this page signed in as the owner.",
} as const satisfies Catalogue;
