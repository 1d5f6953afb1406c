import type { Asked, AskState } from "../../api/shapes.ts";
import { Badge, type Tone } from "../../parts/values.tsx";
import { useTexts } from "../../texts/Texts.tsx";

const TONES: Readonly<Record<AskState, Tone>> = {
  open: "accent",
  snoozed: "warn",
  approved: "good",
  rejected: "bad",
  expired: "plain",
  overtaken: "plain",
};

/** Who answered where nobody did in time. */
const NOBODY = "nobody";

/** Who ended it, in words. */
export function useWho(): (item: Asked) => string {
  const { t } = useTexts();
  return ({ ended_by }) => (ended_by === null || ended_by === NOBODY ? t("inbox.nobody") : ended_by);
}

/** How it stands, with until when or by whom. */
export function StateBadge({ item }: { item: Asked }) {
  const { t, format } = useTexts();
  const { state, snoozed_until, ended_by } = item;
  const more =
    state === "snoozed" && snoozed_until
      ? t("inbox.row.until", { day: format.shortDay(snoozed_until) })
      : ended_by && ended_by !== NOBODY
        ? t("inbox.row.by", { name: ended_by })
        : "";
  return (
    <Badge tone={TONES[state]}>
      {t(`inbox.state.${state}`)} {more}
    </Badge>
  );
}
