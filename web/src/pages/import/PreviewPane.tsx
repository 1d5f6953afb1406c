import type { Preview } from "../../api/shapes.ts";
import { explain } from "../../parts/Failed.tsx";
import { Marked } from "../../parts/Marked.tsx";
import { daysBetween } from "../../texts/format.ts";
import { useTexts } from "../../texts/Texts.tsx";
import classes from "./import.module.css";
import { withoutOptions } from "./named.ts";
import type { Draft } from "./useDraft.ts";

const MISFITS_SHOWN = 6;

/** What the first rows become by the mapping as it stands, kept up while it is changed. */
export function PreviewPane({ draft }: { draft: Draft }) {
  const { t } = useTexts();
  const { error, preview, reading } = draft;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls by itself, so the keyboard must reach it
    <section className={classes.pane} aria-label={t("import.preview")} aria-busy={reading} tabIndex={0}>
      <div role="status">
        {error ? <Wrong error={error} /> : null}
        <span className="seen-by-readers">{reading && t("import.preview.reading")}</span>
      </div>
      <div data-old={error !== null || reading || undefined} className={classes.made}>
        <Misfits misfits={preview.misfits} />
        <Events events={preview.events} />
      </div>
    </section>
  );
}

function Wrong({ error }: { error: unknown }) {
  const { t } = useTexts();
  const { detail, hint } = explain(error, t);
  return (
    <div className={classes.wrong}>
      <strong>{t("import.preview.wrong")}</strong>
      <p>
        <Marked text={detail} />
      </p>
      {hint && <p className="soft">{hint}</p>}
      <p className="soft">{t("import.preview.old")}</p>
    </div>
  );
}

function Misfits({ misfits }: Pick<Preview, "misfits">) {
  const { t } = useTexts();
  if (misfits.length === 0) return <p className={`soft ${classes.fits}`}>{t("import.preview.fits")}</p>;
  return (
    <div className={classes.misfits}>
      <h2>
        {t("import.preview.misfits", { count: misfits.length })}{" "}
        <span className="soft">{t("import.preview.misfits.of")}</span>
      </h2>
      <ul>
        {misfits.slice(0, MISFITS_SHOWN).map(({ line, reason }) => (
          <li key={`${line}-${reason}`}>
            <span className="soft num">{t("import.preview.line", { line: String(line) })}</span>{" "}
            <Marked text={withoutOptions(reason)} />
          </li>
        ))}
      </ul>
      {misfits.length > MISFITS_SHOWN && (
        <p className="soft">{t("import.preview.more", { count: misfits.length - MISFITS_SHOWN })}</p>
      )}
    </div>
  );
}

function Events({ events }: Pick<Preview, "events">) {
  const { t } = useTexts();
  if (events.length === 0) return <p>{t("import.preview.none")}</p>;
  return (
    <>
      <h2>{t("import.preview.events", { count: events.length })}</h2>
      <ol className={classes.events}>
        {events.map((event, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same fact may stand there twice, and the list is replaced whole
          <li key={place}>
            <Happened event={event} />
          </li>
        ))}
      </ol>
    </>
  );
}

function Happened({ event }: { event: Preview["events"][number] }) {
  const { t, format } = useTexts();
  const said = Object.entries(event.data);
  return (
    <>
      <div className={classes.eventHead}>
        <strong>{event.type}</strong>
        <time dateTime={event.time} className="num">
          {format.day(event.time)}
        </time>
      </div>
      <div className="soft cut">
        {event.subject}
        {daysBetween(event.time, event.known_at) > 0 && (
          <span> · {t("import.preview.late", { day: format.day(event.known_at) })}</span>
        )}
      </div>
      {said.length > 0 && (
        <div className={classes.said}>
          {said.map(([name, value]) => (
            <span key={name}>
              <span className="soft">{name}</span> {shown(value)}
            </span>
          ))}
        </div>
      )}
    </>
  );
}

const shown = (value: unknown): string =>
  typeof value === "object" && value !== null
    ? Object.entries(value)
        .map(([k, v]) => `${k}: ${v}`)
        .join(", ")
    : String(value);
