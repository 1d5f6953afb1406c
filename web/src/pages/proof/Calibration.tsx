import { useMemo } from "react";
import type { ProofDocument } from "../../api/shapes.ts";
import { Chart } from "../../parts/Chart.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { calibration } from "./charts/calibration.ts";
import { called } from "./document.ts";
import { points } from "./numbers.ts";
import { Section } from "./Section.tsx";

const HEIGHT = 386;

/** Whether ten of a hundred come out where it said ten of a hundred. */
export function Calibration({ document }: { document: ProofDocument }) {
  const { t, format } = useTexts();
  const option = useMemo(() => calibration(document, { t, format }), [document, t, format]);
  const { calibration_error: error, calibration_floor: floor } = document.metrics;
  const yes = called(document, "yes");
  const lead =
    typeof error === "number" && typeof floor === "number"
      ? t("proof.chance.error", { error: points(format, error), floor: points(format, floor) })
      : undefined;
  return (
    <Section id="chance" title={t("proof.chance")} lead={lead}>
      <Chart
        title={t("proof.chance.title")}
        says={t("proof.chance.says", { yes })}
        option={option}
        table={{
          columns: [t("proof.chance.said"), t("proof.chance.was", { yes }), t("proof.chance.subjects")],
          rows: document.reliability.map((bin) => [
            `${points(format, bin.mean_probability)} %`,
            `${points(format, bin.share_yes)} %`,
            bin.subjects,
          ]),
        }}
        height={HEIGHT}
      />
    </Section>
  );
}
