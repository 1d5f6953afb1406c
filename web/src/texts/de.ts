import { ask } from "./de/ask.ts";
import { effect } from "./de/effect.ts";
import { importing } from "./de/import.ts";
import { inbox } from "./de/inbox.ts";
import { playbooks } from "./de/playbooks.ts";
import { proof } from "./de/proof.ts";
import { settings } from "./de/settings.ts";
import { shell } from "./de/shell.ts";
import { signin } from "./de/signin.ts";
import { subject } from "./de/subject.ts";
import { today } from "./de/today.ts";
import type { en } from "./en.ts";
import type { Same } from "./types.ts";

/** Everything the app says, in German. */
export const de: Same<typeof en> = {
  ...shell,
  ...signin,
  ...today,
  ...inbox,
  ...playbooks,
  ...effect,
  ...subject,
  ...proof,
  ...settings,
  ...importing,
  ...ask,
};
