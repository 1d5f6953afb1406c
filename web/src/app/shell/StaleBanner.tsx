import { UnstyledButton } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useStore } from "../../api/store.ts";
import { useTexts } from "../../texts/Texts.tsx";
import { live } from "../services.ts";
import classes from "./shell.module.css";

const OLD = 60_000;
const LOOK = 5_000;

/** When what stands on the page was last read, as milliseconds; the present where nothing is shown. */
function useOldest(): number {
  const queries = useQueryClient();
  const [oldest, setOldest] = useState(Date.now());
  useEffect(() => {
    const look = () => {
      const shown = queries.getQueryCache().findAll({ type: "active" });
      const times = shown.map((query) => query.state.dataUpdatedAt).filter((at) => at > 0);
      setOldest(Math.min(Date.now(), ...times));
    };
    const timer = window.setInterval(look, LOOK);
    return () => window.clearInterval(timer);
  }, [queries]);
  return oldest;
}

/** Says so when changes do not arrive any more and what is shown has grown old. */
export function StaleBanner() {
  const { t, format } = useTexts();
  const queries = useQueryClient();
  const link = useStore(live.link);
  const oldest = useOldest();
  if (link.state !== "lost" || Date.now() - oldest < OLD) return null;
  return (
    <div className={classes.stale} role="status">
      {t("stale.text", { since: format.clock(Math.max(link.since, oldest)) })}
      <UnstyledButton onClick={() => void queries.invalidateQueries()}>{t("stale.refresh")}</UnstyledButton>
    </div>
  );
}
