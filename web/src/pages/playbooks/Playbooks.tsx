import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { ListChecks } from "lucide-react";
import { playbooks } from "../../api/plays.ts";
import { useMayOperate } from "../../api/rights.ts";
import { useRowKeys } from "../../parts/DataTable.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { Failed } from "../../parts/Failed.tsx";
import { Page } from "../../parts/Page.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { ExperimentSheet } from "./ExperimentSheet.tsx";
import { OnePlaybook } from "./OnePlaybook.tsx";
import { Own } from "./Own.tsx";
import classes from "./playbooks.module.css";
import { RunSheet } from "./RunSheet.tsx";

/** What is done by itself or after asking, and what became of it. */
export function Playbooks() {
  const { t } = useTexts();
  const { run, experiment } = useSearch({ from: "/shell/playbooks" });
  const go = useNavigate({ from: "/playbooks" });
  const may = useMayOperate();
  const found = useQuery(playbooks);
  useRowKeys();
  const all = found.data?.playbooks ?? [];
  const open = (next: string | undefined) =>
    void go({ search: next === undefined ? {} : { run: next }, resetScroll: false });
  const compare = (next: string | undefined) =>
    void go({ search: next === undefined ? {} : { experiment: next }, resetScroll: false });
  return (
    <Page title={t("playbooks.title")} lead={<p className={`soft ${classes.lead}`}>{t("playbooks.lead")}</p>}>
      {found.error && !found.data && <Failed error={found.error} again={() => void found.refetch()} />}
      {found.isPending && <Skeleton height={280} />}
      {found.data && all.length === 0 && (
        <Empty title={t("playbooks.empty")} icon={<ListChecks size={22} aria-hidden />}>
          {t("playbooks.empty.text")}
        </Empty>
      )}
      {all.map((one) => (
        <OnePlaybook key={one.name} playbook={one} may={may} open={open} compare={compare} />
      ))}
      {found.data && <Own text={found.data.text} may={may} />}
      {experiment !== undefined && (
        <ExperimentSheet key={experiment} id={experiment} may={may} close={() => compare(undefined)} />
      )}
      {run !== undefined && <RunSheet key={run} id={run} may={may} close={() => open(undefined)} />}
    </Page>
  );
}
