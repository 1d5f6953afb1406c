import { Button, Skeleton, Tabs } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { api, body } from "../../api/client.ts";
import { Problem } from "../../api/problem.ts";
import type { Proposal } from "../../api/shapes.ts";
import { proposal } from "../../api/work.ts";
import { useKeys } from "../../app/keys.ts";
import { worthRetrying } from "../../app/services.ts";
import { Empty } from "../../parts/Empty.tsx";
import { explain, Failed } from "../../parts/Failed.tsx";
import { Page } from "../../parts/Page.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { Columns } from "./Columns.tsx";
import { Data } from "./Data.tsx";
import { Doubts } from "./Doubts.tsx";
import { FileFields } from "./FileFields.tsx";
import classes from "./import.module.css";
import { isChanged, type MappingDocument } from "./mapping.ts";
import { PreviewPane } from "./PreviewPane.tsx";
import { Toml } from "./Toml.tsx";
import { type Draft, useDraft } from "./useDraft.ts";

type BenchProps = { file: string; name: string };

/** A file that was sent, and what it would become: looked at, mended, agreed to. */
export function Bench({ file, name }: BenchProps) {
  const { t } = useTexts();
  const { data, error, refetch } = useQuery(proposal(file));
  if (data) return <Mending file={file} name={name} proposed={data} />;
  if (error instanceof Problem && error.status === 404)
    return (
      <Page title={name}>
        <Empty title={t("import.gone.title")} actions={<Back />}>
          {t("import.gone")}
        </Empty>
      </Page>
    );
  return (
    <Page title={name} {...(error ? { actions: <Leave file={file} name={name} /> } : {})}>
      {error ? (
        <Failed error={error} {...(worthRetrying(0, error) ? { again: () => void refetch() } : {})} />
      ) : (
        <Looking name={name} />
      )}
    </Page>
  );
}

function Back() {
  const { t } = useTexts();
  return <Button renderRoot={(props) => <Link to="/import" {...props} />}>{t("import.choose")}</Button>;
}

function Looking({ name }: { name: string }) {
  const { t } = useTexts();
  return (
    <div aria-busy>
      <p className="soft" role="status">
        {t("import.looking", { name })}
      </p>
      {[0, 1, 2, 3, 4, 5].map((row) => (
        <Skeleton key={row} height={52} mt={8} />
      ))}
    </div>
  );
}

function Mending({ file, name, proposed }: BenchProps & { proposed: Proposal }) {
  const { t } = useTexts();
  const draft = useDraft(file, proposed);
  const starting = useStarting(file, name, draft);
  const [open, setOpen] = useState<string | null>(null);
  const start = () => draft.ready && !starting.isPending && starting.mutate();
  useKeys({ "mod+Enter": start });
  const actions = (
    <>
      <Leave file={file} name={name} />
      <Button
        title={t("import.start.keys")}
        loading={starting.isPending}
        disabled={draft.ready === undefined}
        onClick={start}
      >
        {t("import.start")}
      </Button>
    </>
  );
  return (
    <Page
      title={name}
      lead={<p className={`soft ${classes.lead}`}>{t("import.bench.lead")}</p>}
      actions={actions}
    >
      {starting.error && (
        <p className={classes.refused} role="alert">
          {explain(starting.error, t).detail}
        </p>
      )}
      <Doubts
        doubts={proposed.doubts}
        columns={proposed.columns}
        look={setOpen}
        changed={(column) => isChanged(proposed.mapping as MappingDocument, draft.mapping, column)}
      />
      <div className={classes.bench}>
        <Ways draft={draft} proposed={proposed} open={open} setOpen={setOpen} name={name} />
        <PreviewPane draft={draft} />
      </div>
    </Page>
  );
}

type WaysProps = {
  draft: Draft;
  proposed: Proposal;
  open: string | null;
  setOpen: (column: string | null) => void;
  name: string;
};

function Ways({ draft, proposed, open, setOpen, name }: WaysProps) {
  const { t } = useTexts();
  const [way, setWay] = useState<string | null>("columns");
  useEffect(() => {
    if (open !== null) setWay("columns");
  }, [open]);
  return (
    <Tabs value={way} onChange={setWay} keepMounted={false} className={classes.ways}>
      <Tabs.List aria-label={t("import.tabs")}>
        <Tabs.Tab value="columns">{t("import.tab.columns")}</Tabs.Tab>
        <Tabs.Tab value="data">{t("import.tab.data")}</Tabs.Tab>
        <Tabs.Tab value="toml">{t("import.tab.toml")}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="columns">
        <FileFields draft={draft} />
        <Columns draft={draft} proposed={proposed} open={open} setOpen={setOpen} />
      </Tabs.Panel>
      <Tabs.Panel value="data">
        <Data columns={proposed.columns.map((one) => one.column)} rows={draft.preview.rows} />
      </Tabs.Panel>
      <Tabs.Panel value="toml">
        <Toml draft={draft} name={name} />
      </Tabs.Panel>
    </Tabs>
  );
}

function Leave({ file, name }: BenchProps) {
  const { t } = useTexts();
  const go = useNavigate();
  const leaving = useMutation({
    mutationFn: () => api.DELETE("/v1/files/{id}", { params: { path: { id: file } } }),
    onSettled: () => {
      notifications.show({ message: t("import.thrown", { name }) });
      void go({ to: "/import" });
    },
  });
  return (
    <Button variant="default" loading={leaving.isPending} onClick={() => leaving.mutate()}>
      {t("import.throw")}
    </Button>
  );
}

function useStarting(file: string, name: string, draft: Draft) {
  const go = useNavigate();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => body(api.POST("/v1/imports", { body: { file, ...draft.ready } })),
    onSuccess: (job) => {
      queries.setQueryData(["job", job.id], job);
      void go({ to: "/import", search: { job: job.id, name } });
    },
  });
}
