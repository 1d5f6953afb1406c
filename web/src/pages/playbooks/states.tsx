import type { Run } from "../../api/shapes.ts";
import { Foreign } from "../../parts/Foreign.tsx";
import { Badge, type Tone } from "../../parts/values.tsx";
import { type Texts, useTexts } from "../../texts/Texts.tsx";
import { FIRST } from "./again.ts";

const TONES: Readonly<Record<Run["state"], Tone>> = {
  running: "accent",
  paused: "warn",
  stuck: "bad",
  ended: "good",
  cancelled: "plain",
};

/** A step as people call it. */
export const stepName = (step: string, t: Texts["t"]): string =>
  step === FIRST ? t("playbooks.step.act") : step;

export function RunState({ state }: Pick<Run, "state">) {
  const { t } = useTexts();
  return <Badge tone={TONES[state]}>{t(`playbooks.run.state.${state}`)}</Badge>;
}

/** Where it stands and for what it waits; of one that goes on no more, why. */
export function Stands({ run: { why, step, due_at, listens, state } }: { run: Run }) {
  const { t, format } = useTexts();
  if (why && state !== "running") return <Foreign>{why}</Foreign>;
  const parts = [
    ...(step ? [t("playbooks.run.at", { step: stepName(step, t) })] : []),
    ...(due_at ? [t("playbooks.run.until", { day: format.moment(due_at) })] : []),
    ...(listens.length > 0 ? [t("playbooks.run.unless", { event: listens.join(", ") })] : []),
  ];
  return <span>{parts.join(", ")}</span>;
}
