import type { Decision, Stage } from "../api/shapes.ts";
import { useTexts } from "../texts/Texts.tsx";
import { Badge, type Tone } from "./values.tsx";

const TONES: Readonly<Record<Stage, Tone>> = {
  ask: "accent",
  act: "good",
  hold: "warn",
  drop: "plain",
  none: "plain",
};

export const verbOf = (decision: Decision | null): Stage => decision?.verb ?? "none";

/** What was decided, in a word. */
export function VerbBadge({ verb }: { verb: Stage }) {
  const { t } = useTexts();
  return <Badge tone={TONES[verb]}>{t(`today.verb.${verb}`)}</Badge>;
}
