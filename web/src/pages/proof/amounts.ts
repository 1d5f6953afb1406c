import type { ProofDocument } from "../../api/shapes.ts";
import { useAmount } from "../../parts/Said.tsx";
import { useTexts } from "../../texts/Texts.tsx";

/** Quantities of a proof in its unit: one of them, a dash where there is none, and from one to another. */
export function useAmounts({ unit = null }: Pick<ProofDocument, "unit">) {
  const { t } = useTexts();
  const told = useAmount();
  return {
    amount: (value: number | null | undefined) => (typeof value === "number" ? told(value, unit) : "–"),
    span: (low: number, high: number) => t("proof.span", { low: told(low), high: told(high, unit) }),
  };
}
