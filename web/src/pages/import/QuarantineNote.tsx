import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronRight, TriangleAlert } from "lucide-react";
import { quarantine } from "../../api/work.ts";
import { useTexts } from "../../texts/Texts.tsx";
import classes from "./import.module.css";

/** Says that rows wait to be mended, and leads to them. */
export function QuarantineNote() {
  const { t } = useTexts();
  const { data } = useInfiniteQuery(quarantine(undefined));
  const total = data?.pages[0]?.total ?? 0;
  if (total === 0) return null;
  return (
    <Link to="/import" search={{ view: "quarantine" }} className={classes.note}>
      <TriangleAlert size={16} aria-hidden />
      <span>
        <strong>{t("quarantine.open", { count: total })}</strong>{" "}
        <span className="soft">{t("quarantine.open.text")}</span>
      </span>
      <ChevronRight size={16} aria-hidden />
    </Link>
  );
}
