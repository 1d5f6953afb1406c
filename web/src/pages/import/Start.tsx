import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { useMayOperate } from "../../api/rights.ts";
import type { Batch } from "../../api/shapes.ts";
import { imports, isOver, jobs } from "../../api/work.ts";
import { JobProgress } from "../../parts/JobProgress.tsx";
import { Page } from "../../parts/Page.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { Batches } from "./Batches.tsx";
import { ChooseFile } from "./ChooseFile.tsx";
import classes from "./import.module.css";
import { outcome } from "./outcome.tsx";
import { QuarantineNote } from "./QuarantineNote.tsx";
import { Sending, SendingFailed } from "./Sending.tsx";
import type { Upload } from "./useUpload.ts";

/** Where importing begins: a place to drop a file, what runs, and what came in before. */
export function Start({ upload }: { upload: Upload }) {
  const { t } = useTexts();
  const may = useMayOperate();
  const batches = useInfiniteQuery(imports);
  const first = batches.data?.pages[0]?.imports.length === 0;
  return (
    <Page title={t("import.title")} lead={<p className={`soft ${classes.lead}`}>{t("import.lead")}</p>}>
      {upload.sending ? (
        <Sending {...upload.sending} cancel={upload.cancel} />
      ) : upload.failed ? (
        <SendingFailed upload={upload} {...upload.failed} />
      ) : may ? (
        <ChooseFile chosen={upload.send} first={first} />
      ) : (
        <p className="soft">{t("import.viewer")}</p>
      )}
      <Running batches={batches.data?.pages.flatMap((page) => page.imports) ?? []} />
      <QuarantineNote />
      <Batches found={batches} />
    </Page>
  );
}

/** Imports and undoings that go on, whoever began them; what ends while one looks stays to be read. */
function Running({ batches }: { batches: readonly Batch[] }) {
  const { t } = useTexts();
  const { data } = useQuery(jobs);
  const seen = useRef(new Set<string>());
  const all = (data?.jobs ?? []).filter((one) => one.what !== "train");
  for (const one of all) if (!isOver(one)) seen.current.add(one.id);
  return all
    .filter((one) => seen.current.has(one.id))
    .map((one) => (
      <div key={one.id} className={classes.block}>
        <JobProgress
          id={one.id}
          about={batches.find((batch) => batch.id === one.about)?.file}
          result={(job) => outcome(job, t)}
        />
      </div>
    ));
}
