import type { ProofDocument, Rival } from "../../api/shapes.ts";
import { useTexts } from "../../texts/Texts.tsx";
import { useAmounts } from "./amounts.ts";
import { isQuantity, standing } from "./document.ts";
import { type Fact, Facts } from "./Facts.tsx";
import { signed } from "./numbers.ts";
import { Section } from "./Section.tsx";

type Props = { document: ProofDocument; rival: Rival };

/** Beside the model that was on duty, on those asked about after all that one learned from. */
export function Champion({ document, rival }: Props) {
  const { t } = useTexts();
  return (
    <Section id="champion" title={t("proof.champion")} lead={t(`proof.champion.${standing(rival)}`)}>
      <Facts facts={useFacts({ document, rival })} />
    </Section>
  );
}

function useFacts({ document, rival }: Props): Fact[] {
  const { t, format } = useTexts();
  const { amount } = useAmounts(document);
  const { as_of, judged, clusters, difference, interval } = rival;
  const version = rival.version.slice(0, 8);
  const facts: Fact[] = [
    [
      t("proof.champion.before"),
      as_of ? t("proof.champion.version", { version, day: format.day(as_of) }) : version,
    ],
  ];
  if (typeof judged === "number" && typeof clusters === "number")
    facts.push([t("proof.data.judged"), t("proof.champion.judged", { judged, clusters })]);
  const [low, high] = interval ?? [];
  if (typeof difference === "number" && low !== undefined && high !== undefined) {
    const quantity = isQuantity(document);
    const say = quantity ? amount : (value: number) => signed(format, value);
    facts.push([
      t(quantity ? "proof.champion.nearer" : "proof.champion.loss"),
      t("proof.champion.figure", { figure: say(difference), low: say(low), high: say(high) }),
    ]);
  }
  return facts;
}
