import type { Job } from "../../api/shapes.ts";
import type { Key } from "../../texts/catalogue.ts";
import type { Texts } from "../../texts/Texts.tsx";

/** What an import's result counts. */
export type Counts = {
  batch: string;
  rows: number;
  events: number;
  repeated: number;
  revised: number;
  staged: number;
  quarantined: number;
};

const SAID: readonly (readonly [keyof Counts, Key])[] = [
  ["revised", "import.result.revised"],
  ["repeated", "import.result.repeated"],
  ["staged", "import.result.staged"],
  ["quarantined", "import.result.quarantined"],
];

export const countsOf = (job: Job): Counts | null =>
  job.result !== null && "rows" in job.result ? (job.result as Counts) : null;

/** An import's counts as sentences: rows and facts always, the rest where there is any. */
export function sentences(counts: Counts, t: Texts["t"]): string[] {
  return [
    t("import.result.rows", { count: counts.rows }),
    t("import.result.events", { count: counts.events }),
    ...SAID.flatMap(([name, key]) => (counts[name] ? [t(key, { count: Number(counts[name]) })] : [])),
  ];
}

/** What came of a job of importing, in words. */
export function outcome(job: Job, t: Texts["t"]) {
  const counts = countsOf(job);
  if (job.what === "import" && counts) return <p>{sentences(counts, t).join(" ")}</p>;
  if (job.what === "undo" && job.result)
    return <p>{t("import.undo.done", job.result as Record<string, number>)}</p>;
  if (job.what === "replay" && job.result) return <Replayed job={job} t={t} />;
  return null;
}

type Tried = { recorded: Counts | null; still_wrong: { reason: string }[] };

function Replayed({ job, t }: { job: Job; t: Texts["t"] }) {
  const { recorded, still_wrong } = job.result as Tried;
  const only = still_wrong.length === 1 ? still_wrong[0] : undefined;
  return (
    <>
      {recorded && <p>{t("quarantine.done", { count: recorded.rows })}</p>}
      {only && <p>{t("quarantine.still.one", { reason: only.reason })}</p>}
      {still_wrong.length > 1 && <p>{t("quarantine.still", { count: still_wrong.length })}</p>}
    </>
  );
}
