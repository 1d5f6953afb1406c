import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMayOperate } from "../../api/rights.ts";
import { Bench } from "./Bench.tsx";
import { DropVeil } from "./DropVeil.tsx";
import { Importing } from "./Importing.tsx";
import { Quarantine } from "./Quarantine.tsx";
import { Start } from "./Start.tsx";
import { useUpload } from "./useUpload.ts";

/** From a file to what is known: send, look, mend, import; undo, quarantine. */
export function Import() {
  const { file, name = "", job, view, source } = useSearch({ from: "/shell/import" });
  const go = useNavigate();
  const may = useMayOperate();
  const upload = useUpload((sent) => void go({ to: "/import", search: { file: sent.id, name: sent.name } }));
  return (
    <>
      {may && <DropVeil dropped={upload.send} />}
      {upload.sending !== null || upload.failed !== null ? (
        <Start upload={upload} />
      ) : view === "quarantine" ? (
        <Quarantine source={source} />
      ) : job !== undefined ? (
        <Importing key={job} job={job} name={name} />
      ) : file !== undefined ? (
        <Bench key={file} file={file} name={name} />
      ) : (
        <Start upload={upload} />
      )}
    </>
  );
}
