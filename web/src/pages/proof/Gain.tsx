import { useMemo } from "react";
import type { Money, ProofDocument } from "../../api/shapes.ts";
import { Chart } from "../../parts/Chart.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { gain } from "./charts/gain.ts";
import { called } from "./document.ts";
import { points } from "./numbers.ts";
import { Section } from "./Section.tsx";

const HEIGHT = 340;

/** Whether its list finds the money sooner than a list by worth alone. */
export function Gain({ document, unit }: { document: ProofDocument; unit: string | null }) {
  const { t, format } = useTexts();
  const { money } = document;
  const lead =
    money === null
      ? t("proof.gain.none")
      : t("proof.gain.lead", {
          loss: format.share(money.by_expected_loss),
          worth: format.share(money.by_worth),
          random: format.share(money.at_random),
        });
  return (
    <Section id="gain" title={t("proof.gain")} lead={lead}>
      {money?.curve && <Curve money={money} unit={unit} yes={called(document, "yes")} />}
    </Section>
  );
}

function Curve({ money, unit, yes }: { money: Money; unit: string | null; yes: string }) {
  const { t, format } = useTexts();
  const option = useMemo(() => gain(money, { t, format }), [money, t, format]);
  const share = (value: number) => `${points(format, value)} %`;
  return (
    <Chart
      title={t("proof.gain.title")}
      says={t("proof.gain.says", { yes, stake: format.roundMoney(money.at_stake, unit) })}
      option={option}
      table={{
        columns: [
          t("proof.gain.subjects"),
          t("proof.gain.loss"),
          t("proof.gain.worth"),
          t("proof.gain.random"),
        ],
        rows: (money.curve ?? []).map((one) => [
          share(one.subjects),
          share(one.by_expected_loss),
          share(one.by_worth),
          share(one.subjects),
        ]),
      }}
      height={HEIGHT}
    />
  );
}
