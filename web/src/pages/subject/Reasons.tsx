import type { Reason } from "../../api/shapes.ts";
import { Around, Foreign } from "../../parts/Foreign.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import classes from "./forecasts.module.css";

type ReasonsProps = { reasons: readonly Reason[]; yes: string; no: string; question: string };

/** The reasons, each with a bar that points to the answer it speaks for: to the right toward yes. */
export function Reasons({ reasons, yes, no, question }: ReasonsProps) {
  const { t } = useTexts();
  if (reasons.length === 0) return null;
  const most = Math.max(...reasons.map((one) => Math.abs(one.contribution)), 0.01);
  return (
    <>
      <div className={classes.ways} aria-hidden>
        <span>
          <span>← {no}</span>
          <span>{yes} →</span>
        </span>
      </div>
      <ul className={classes.reasons} aria-label={t("subject.reasons")}>
        {reasons.map((one) => {
          const share = (Math.abs(one.contribution) / most) * 50;
          const toYes = one.contribution > 0;
          return (
            <li key={one.text}>
              <span className={classes.bar} aria-hidden>
                <span
                  data-way={toYes ? "yes" : "no"}
                  style={toYes ? { left: "50%", width: `${share}%` } : { right: "50%", width: `${share}%` }}
                />
              </span>
              <span>
                <Foreign>{one.text}</Foreign>{" "}
                <span className={classes.speaks}>
                  <Around
                    of={question}
                    word={toYes ? yes : no}
                    sentence={(word) => t("subject.reason.speaks", { word })}
                  />
                </span>
              </span>
            </li>
          );
        })}
      </ul>
    </>
  );
}
