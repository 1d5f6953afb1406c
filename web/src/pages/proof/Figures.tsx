import type { ProofDocument } from "../../api/shapes.ts";
import { useTexts } from "../../texts/Texts.tsx";
import { called } from "./document.ts";
import { inHundred, points } from "./numbers.ts";
import classes from "./proof.module.css";

type Figure = { value: string; text: string };

/** The few figures one remembers, each with what it means. */
export function Figures({ document }: { document: ProofDocument }) {
  const figures = useFigures(document);
  if (figures.length === 0) return null;
  return (
    <dl className={classes.figures}>
      {figures.map((figure) => (
        <div key={figure.text}>
          <dt>{figure.text}</dt>
          <dd>{figure.value}</dd>
        </div>
      ))}
    </dl>
  );
}

function useFigures(document: ProofDocument): Figure[] {
  const { t, format } = useTexts();
  const { metrics, money, split } = document;
  const [yes, no] = [called(document, "yes"), called(document, "no")];
  const found: Figure[] = [];
  const [low, high] = metrics.auc_interval ?? [];
  if (typeof metrics.auc === "number" && low !== undefined && high !== undefined)
    found.push({
      value: t("proof.figure.order", { count: inHundred(metrics.auc) }),
      text: t("proof.figure.order.text", { yes, no, low: inHundred(low), high: inHundred(high) }),
    });
  if (money !== null)
    found.push({
      value: format.share(money.by_expected_loss),
      text: t("proof.figure.money.text", {
        yes,
        worth: format.share(money.by_worth),
        random: format.share(money.at_random),
      }),
    });
  if (typeof metrics.calibration_error === "number" && typeof metrics.calibration_floor === "number")
    found.push({
      value: t("proof.figure.off", { points: points(format, metrics.calibration_error) }),
      text: t("proof.figure.off.text", { floor: points(format, metrics.calibration_floor) }),
    });
  if (split.judged > 0)
    found.push({
      value: format.number(split.judged),
      text: t("proof.figure.judged.text", { yes: split.judged_yes ?? 0, called: yes }),
    });
  return found;
}
