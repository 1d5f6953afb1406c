import { ask } from "./en/ask.ts";
import { effect } from "./en/effect.ts";
import { importing } from "./en/import.ts";
import { inbox } from "./en/inbox.ts";
import { playbooks } from "./en/playbooks.ts";
import { proof } from "./en/proof.ts";
import { settings } from "./en/settings.ts";
import { shell } from "./en/shell.ts";
import { signin } from "./en/signin.ts";
import { subject } from "./en/subject.ts";
import { today } from "./en/today.ts";

/** Everything the app says, in English. Its keys are what `t` takes; de.ts has the same ones or does not compile. */
export const en = {
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
} as const;
