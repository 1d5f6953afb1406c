import { type Counts, countsOf, numbersOf, type Tried, triedOf } from "../../api/results.ts";
import type { Job } from "../../api/shapes.ts";
import type { Key } from "../../texts/catalogue.ts";
import type { Texts } from "../../texts/Texts.tsx";

const SAID: readonly (readonly [keyof Counts, Key])[] = [
  ["revised", "import.result.revised"],
  ["repeated", "import.result.repeated"],
  ["staged", "import.result.staged"],
  ["quarantined", "import.result.quarantined"],
];

/** An import's counts as sentences: rows and facts always, the rest where there is any. */
export function sentences(counts: Counts, t: Texts["t"]): string[] {
  return [
    t("import.result.rows", { count: counts.rows }),
    t("import.result.events", { count: counts.events }),
    ...SAID.flatMap(([name, key]) => (counts[name] ? [t(key, { count: counts[name] })] : [])),
  ];
}

/** What came of a job of importing, in words. */
export function outcome(job: Job, t: Texts["t"]) {
  const counts = countsOf(job);
  if (job.what === "import" && counts) return <p>{sentences(counts, t).join(" ")}</p>;
  if (job.what === "undo" && job.result) return <p>{t("import.undo.done", numbersOf(job))}</p>;
  const tried = triedOf(job);
  return tried && <Replayed tried={tried} t={t} />;
}

function Replayed({ tried: { recorded, still_wrong }, t }: { tried: Tried; t: Texts["t"] }) {
  const only = still_wrong.length === 1 ? still_wrong[0] : undefined;
  return (
    <>
      {recorded && <p>{t("quarantine.done", { count: recorded.rows })}</p>}
      {only && <p>{t("quarantine.still.one", { reason: only.reason })}</p>}
      {still_wrong.length > 1 && <p>{t("quarantine.still", { count: still_wrong.length })}</p>}
    </>
  );
}
