import type { Decision, Verb } from "../../api/contract.ts";
import { Badge, type Tone } from "../../parts/values.tsx";
import { useTexts } from "../../texts/Texts.tsx";

const TONES: Readonly<Record<Verb | "none", Tone>> = {
  ask: "accent",
  act: "good",
  hold: "warn",
  drop: "plain",
  none: "plain",
};

export function verbOf(decision: Decision | null): Verb | "none" {
  const verb = decision?.verb;
  return verb === "act" || verb === "ask" || verb === "hold" || verb === "drop" ? verb : "none";
}

/** What was decided, in a word. */
export function VerbBadge({ verb }: { verb: Verb | "none" }) {
  const { t } = useTexts();
  return <Badge tone={TONES[verb]}>{t(`today.verb.${verb}`)}</Badge>;
}
