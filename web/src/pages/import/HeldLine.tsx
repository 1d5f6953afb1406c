import { Button, Skeleton, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ChevronDown } from "lucide-react";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { api, body } from "../../api/client.ts";
import type { Held, HeldRow, Job } from "../../api/shapes.ts";
import { heldRow } from "../../api/work.ts";
import { Confirm } from "../../parts/Confirm.tsx";
import { explain, Failed } from "../../parts/Failed.tsx";
import { Marked } from "../../parts/Marked.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import classes from "./import.module.css";
import { columnsNamed, contradicts, withoutOptions } from "./named.ts";

type HeldLineProps = {
  held: Held;
  may: boolean;
  open: boolean;
  toggle: () => void;
  /** It is being tried again, as a job; the row may leave the list before that ends. */
  tried: (job: Job) => void;
};

/** One row that waits: its line and its reason; opened, its cells to be mended. */
export function HeldLine({ held, may, open, toggle, tried }: HeldLineProps) {
  const { t, format } = useTexts();
  const row = useRef<HTMLButtonElement>(null);
  const id = `held-${held.number}`;
  const close = () => {
    toggle();
    row.current?.focus();
  };
  return (
    <li className={classes.column} data-open={open || undefined}>
      <button
        ref={row}
        type="button"
        data-row={held.number}
        className={classes.heldRow}
        aria-expanded={open}
        aria-controls={id}
        onClick={toggle}
      >
        <strong className="num">
          {held.line === null
            ? t("quarantine.noline", { number: String(held.number) })
            : t("quarantine.line", { line: String(held.line) })}
        </strong>
        <span className={classes.reason}>
          <Marked text={withoutOptions(held.reason)} />
        </span>
        <span className="soft num">
          {held.source} · {format.day(held.at)}
        </span>
        <ChevronDown size={14} className={classes.chevron} aria-hidden />
      </button>
      {open && (
        // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes the row from any of its fields
        <div id={id} className={classes.editor} onKeyDown={(event) => event.key === "Escape" && close()}>
          <Mending held={held} may={may} tried={tried} />
        </div>
      )}
    </li>
  );
}

function Mending({ held, may, tried }: Pick<HeldLineProps, "held" | "may" | "tried">) {
  const { data, error, refetch } = useQuery(heldRow(held.number));
  if (error) return <Failed error={error} again={() => void refetch()} />;
  if (data === undefined) return <Skeleton height={80} />;
  return <Row row={data} may={may} tried={tried} />;
}

function Row({ row, may, tried }: { row: HeldRow } & Pick<HeldLineProps, "may" | "tried">) {
  const { t } = useTexts();
  const [changes, setChanges] = useState<Record<string, string>>({});
  const replay = useReplay(row.number, changes, tried);
  const send = (event: FormEvent) => {
    event.preventDefault();
    replay.mutate(false);
  };
  return (
    <form onSubmit={send}>
      {row.cells ? (
        <Cells row={row} cells={row.cells} changes={changes} change={setChanges} />
      ) : (
        <>
          <p>{t("quarantine.raw")}</p>
          <pre className={classes.raw}>{row.raw}</pre>
        </>
      )}
      {replay.error && (
        <p role="alert" className={classes.refused}>
          {explain(replay.error, t).detail}
        </p>
      )}
      {may && (
        <div className="actions">
          {row.cells && (
            <Button type="submit" size="xs" loading={replay.isPending}>
              {t("quarantine.again")}
            </Button>
          )}
          {row.cells && contradicts(row.reason) && (
            <Button
              size="xs"
              variant="default"
              title={t("quarantine.overwrite.text")}
              onClick={() => replay.mutate(true)}
            >
              {t("quarantine.overwrite")}
            </Button>
          )}
          <Discard number={row.number} />
        </div>
      )}
    </form>
  );
}

type CellsProps = {
  row: HeldRow;
  cells: Record<string, string>;
  changes: Record<string, string>;
  change: (changes: Record<string, string>) => void;
};

/** The row's cells as fields, what the reason names first. */
function Cells({ row, cells, changes, change }: CellsProps) {
  const { t } = useTexts();
  const all = Object.keys(cells);
  const named = columnsNamed(row.reason, all);
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus({ preventScroll: true }), []);
  const ordered = [...named, ...all.filter((name) => !named.includes(name))];
  return (
    <fieldset className={classes.fields}>
      <legend className="seen-by-readers">{t("quarantine.cells")}</legend>
      {ordered.map((name, place) => (
        <TextInput
          key={name}
          {...(place === 0 ? { ref: first } : {})}
          size="xs"
          label={name}
          {...(named.includes(name)
            ? { "aria-description": t("quarantine.named"), className: classes.named ?? "" }
            : {})}
          value={changes[name] ?? cells[name] ?? ""}
          onChange={(event) => change({ ...changes, [name]: event.currentTarget.value })}
          spellCheck={false}
          autoComplete="off"
        />
      ))}
    </fieldset>
  );
}

function useReplay(number: number, changes: Record<string, string>, tried: (job: Job) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (overwrite: boolean) =>
      body(api.POST("/v1/quarantine/replay", { body: { numbers: [number], changes, overwrite } })),
    onSuccess: (job) => {
      queries.setQueryData(["job", job.id], job);
      tried(job);
    },
  });
}

function Discard({ number }: { number: number }) {
  const { t } = useTexts();
  const [asked, setAsked] = useState(false);
  const queries = useQueryClient();
  const discarding = useMutation({
    mutationFn: () => api.POST("/v1/quarantine/discard", { body: { numbers: [number] } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["quarantine"] }),
  });
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setAsked(true)}>
        {t("quarantine.discard")}
      </Button>
      <Confirm
        opened={asked}
        title={t("quarantine.discard.title")}
        action={t("quarantine.discard.yes")}
        harmful
        busy={discarding.isPending}
        yes={() => discarding.mutate()}
        no={() => setAsked(false)}
      >
        <p>{t("quarantine.discard.text")}</p>
        {discarding.error && <p role="alert">{explain(discarding.error, t).detail}</p>}
      </Confirm>
    </>
  );
}
