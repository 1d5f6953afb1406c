import type { Outcome } from "../api/shapes.ts";
import { daysBetween } from "../texts/format.ts";
import { type Texts, useTexts } from "../texts/Texts.tsx";
import { Foreign } from "./Foreign.tsx";
import { Badge, type Tone } from "./values.tsx";

/** What came of a decision, within the time that counts as its own. */
export function CameOf({ outcome }: { outcome: Outcome }) {
  const texts = useTexts();
  const { t } = texts;
  const judged = judge(outcome);
  return (
    <p className="came">
      <Badge tone={TONES[judged]}>{t(`outcome.${judged}`)}</Badge>
      <span>
        <Came outcome={outcome} />
        {besides(outcome, texts).map((one) => (
          <span key={one} className="soft">
            {" "}
            {one}
          </span>
        ))}
      </span>
    </p>
  );
}

type Judged = "open" | "success" | "failure" | "known" | "success.early" | "failure.early" | "known.early";

const TONES: Readonly<Record<Judged, Tone>> = {
  open: "plain",
  success: "good",
  "success.early": "good",
  failure: "warn",
  "failure.early": "warn",
  known: "plain",
  "known.early": "plain",
};

function judge({ state, success }: Outcome): Judged {
  if (state === "open") return "open";
  const said = success === null ? "known" : success ? "success" : "failure";
  return state === "early" ? `${said}.early` : said;
}

function Came({ outcome }: { outcome: Outcome }) {
  const { t, format } = useTexts();
  const { state, answer, called, happened, happened_at, within, closes_at, decided_at, words } = outcome;
  if (state === "open")
    return closes_at ? t("outcome.until", { day: format.day(closes_at) }) : t("outcome.until.none");
  const count = within !== null && closes_at ? daysBetween(decided_at, closes_at) : 0;
  const span = count > 0 ? "window" : "time";
  if (typeof answer === "number") return t(`outcome.came.${span}`, { value: called, count });
  if (happened && happened_at) return t(`outcome.happened.${span}`, { day: format.day(happened_at), count });
  if (happened === false) return t(`outcome.not.${span}`, { count });
  return <Foreign>{words}</Foreign>;
}

/** What else there is to know of it. */
function besides({ state, counts_at, corrected_at, arm }: Outcome, { t, format }: Texts): string[] {
  return [
    state === "early" && counts_at !== null && t("outcome.counts", { day: format.day(counts_at) }),
    corrected_at !== null && t("outcome.corrected", { day: format.day(corrected_at) }),
    arm === "control" && t("outcome.control"),
  ].filter((one) => one !== false);
}
