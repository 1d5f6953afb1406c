import { useCallback, useMemo } from "react";
import type { ProofDocument } from "../../api/shapes.ts";
import { Chart } from "../../parts/Chart.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { backtest } from "./charts/backtest.ts";
import { called } from "./document.ts";
import { exact, signed } from "./numbers.ts";
import { Section } from "./Section.tsx";

const HEIGHT = 346;

/** How it did, stretch by stretch, each time knowing only what came before. */
export function Backtest({ document }: { document: ProofDocument }) {
  const { t, format } = useTexts();
  const option = useMemo(() => backtest(document, { t, format }), [document, t, format]);
  const lift = useLift(document);
  return (
    <Section id="time" title={t("proof.time")} lead={lift}>
      <Chart
        title={t("proof.time.title")}
        says={t("proof.time.says")}
        option={option}
        table={useTable(document)}
        height={HEIGHT}
      />
    </Section>
  );
}

function useLift({ lift }: ProofDocument): string | undefined {
  const { t, format } = useTexts();
  const [low, high] = lift.interval ?? [];
  if (lift.difference === null || low === undefined || high === undefined) return undefined;
  return t(lift.claimed ? "proof.time.lift.claimed" : "proof.time.lift.none", {
    figure: signed(format, lift.difference),
    low: signed(format, low),
    high: signed(format, high),
  });
}

function useTable(document: ProofDocument) {
  const { t, format } = useTexts();
  const auc = useCallback(
    (value: number | null | undefined) => (typeof value === "number" ? exact(format, value) : "–"),
    [format],
  );
  return useMemo(
    () => ({
      columns: [
        t("proof.time.from"),
        t("proof.time.until"),
        t("proof.time.model"),
        t("proof.time.attributes"),
        t("proof.time.answers"),
        called(document, "yes"),
        t("proof.time.trained"),
      ],
      rows: document.folds.map((fold) => [
        format.day(fold.from),
        format.day(fold.until),
        auc(fold.auc),
        auc(fold.auc_attributes),
        fold.asked,
        fold.yes ?? 0,
        fold.trained_on,
      ]),
    }),
    [document, t, format, auc],
  );
}
