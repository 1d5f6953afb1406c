import { Button } from "@mantine/core";
import type { Prediction } from "../../api/shapes.ts";
import { useTexts } from "../../texts/Texts.tsx";
import classes from "./today.module.css";
import { useAsides } from "./useAsides.ts";

/** What can be done with the selected rows. */
export function SelectedBar({ rows, clear }: { rows: readonly Prediction[]; clear: () => void }) {
  const { t } = useTexts();
  const { setAside } = useAsides();
  if (rows.length === 0) return null;
  return (
    <div className={classes.selected} role="status">
      <span className="num">{t("today.selected", { count: rows.length })}</span>
      <Button
        size="compact-sm"
        onClick={() => {
          setAside(rows);
          clear();
        }}
      >
        {t("today.aside")}
      </Button>
      <Button size="compact-sm" variant="default" onClick={clear}>
        {t("cancel")}
      </Button>
    </div>
  );
}
