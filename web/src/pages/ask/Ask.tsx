import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useId, useRef, useState } from "react";
import { useMayOperate } from "../../api/rights.ts";
import { catalog, suggested, useImported } from "../../api/work.ts";
import { Page } from "../../parts/Page.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { AnswerWords, type Worded } from "./AnswerWords.tsx";
import classes from "./ask.module.css";
import { CheckPane } from "./CheckPane.tsx";
import { LineField } from "./LineField.tsx";
import { Questions } from "./Questions.tsx";
import { Start } from "./Start.tsx";
import { SuggestedLines } from "./SuggestedLines.tsx";
import { Training, useTraining } from "./Training.tsx";
import { useCheck } from "./useCheck.ts";

/** A question of one's own: written, counted, trained, proved. */
export function Ask() {
  const { t } = useTexts();
  const { line: given, job } = useSearch({ from: "/shell/ask" });
  return (
    <Page title={t("ask.title")} lead={<p className={`soft ${classes.lead}`}>{t("ask.lead")}</p>}>
      <Writing key={given ?? ""} given={given ?? ""} job={job} />
      <Questions watched={job} />
    </Page>
  );
}

function Writing({ given, job }: { given: string; job: string | undefined }) {
  const [line, setLine] = useState(given);
  const [words, setWords] = useState<Worded>({});
  const { data: known } = useQuery(catalog);
  const may = useMayOperate();
  const field = useFocusedField(given !== "" && job === undefined);
  const id = useId();
  const check = useCheck(line);
  const training = useTraining();
  const go = useNavigate();
  const ready = may && check.fresh && !training.isPending;
  const submit = () => {
    if (ready)
      training.mutate(
        { line: line.trim(), ...words },
        {
          onSuccess: ({ id: job }) =>
            void go({ to: "/ask", search: { line: line.trim(), job }, replace: true }),
        },
      );
  };
  return (
    <>
      <LineField
        line={line}
        write={setLine}
        catalog={known}
        mark={check.mark}
        wrong={check.error !== null}
        submit={submit}
        field={field}
        describedBy={id}
      />
      <CheckPane check={check} id={id} />
      {check.told && may && (
        <AnswerWords
          words={words}
          change={setWords}
          told={check.told}
          ready={ready}
          submit={submit}
          error={training.error}
          busy={training.isPending}
        />
      )}
      {job !== undefined && <Training job={job} />}
      {line.trim() === "" && <Beginnings />}
    </>
  );
}

/** The field takes the focus where a line was given with the address: Enter then asks it. */
function useFocusedField(wanted: boolean) {
  const field = useRef<HTMLInputElement>(null);
  const first = useRef(wanted);
  useEffect(() => {
    // After the page's heading, which takes the focus when it arrives.
    if (first.current) window.setTimeout(() => field.current?.focus());
  }, []);
  return field;
}

function Beginnings() {
  const { t } = useTexts();
  const { data } = useQuery(suggested);
  const imported = useImported();
  if (data === undefined) return null;
  if (data.lines.length === 0) return imported === false ? <Start /> : null;
  return (
    <section className={classes.block} aria-labelledby="suggested">
      <h2 id="suggested">{t("ask.suggested")}</h2>
      <SuggestedLines lines={data.lines} />
    </section>
  );
}
