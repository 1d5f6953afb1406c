/*
 * The mapping document as the app edits it: the TOML as JSON (kernel/observe/mapping_file.py). Every change gives
 * another document; members the app does not know are kept as they are.
 */

export type Sort = "number" | "category" | "text" | "day" | "instant" | "flag";
export const SORTS: readonly Sort[] = ["category", "number", "day", "instant", "text", "flag"];

export type ColumnSays = {
  name?: string;
  sort?: Sort;
  link?: string;
  known?: string;
  otherwise?: "assumed" | "unknown";
  format?: string;
  unit?: string;
  label?: string;
  personal?: boolean;
  /** Whether the business chooses it, or between which values it does. */
  actionable?: boolean | (string | number | boolean)[];
  missing?: string[];
};
export type EventSays = {
  time: string;
  known?: string | string[];
  lag?: string;
  begins?: boolean;
  format?: string;
  label?: string;
};
export type MappingDocument = {
  source: string;
  kind: string;
  key?: string | string[];
  rows?: "things" | "events";
  currency?: string;
  zone?: string;
  person?: boolean;
  ignored?: string | string[];
  events?: Record<string, EventSays>;
  columns?: Record<string, ColumnSays>;
};

/** What a column is in the first place; a date can date an event and be an attribute as well, which is told apart. */
export type Role = "key" | "link" | "attribute" | "event" | "recorded" | "out";
export const ROLES: readonly Role[] = ["key", "link", "attribute", "event", "recorded", "out"];

const list = (value: string | string[] | undefined): string[] =>
  value === undefined ? [] : typeof value === "string" ? [value] : value;

export const keysOf = (document: MappingDocument): string[] => list(document.key);
export const eventsOf = (document: MappingDocument): [string, EventSays][] =>
  Object.entries(document.events ?? {});

/** The event a column dates, if it dates one. */
export function datedBy(document: MappingDocument, column: string): string | undefined {
  return eventsOf(document).find(([, event]) => event.time === column)?.[0];
}

/** The event whose recording a column dates, if it does. */
export function recordedBy(document: MappingDocument, column: string): string | undefined {
  return eventsOf(document).find(([, event]) => list(event.known).includes(column))?.[0];
}

export function roleOf(document: MappingDocument, column: string): Role {
  if (keysOf(document).includes(column)) return "key";
  if (datedBy(document, column) !== undefined) return "event";
  if (recordedBy(document, column) !== undefined) return "recorded";
  const says = document.columns?.[column];
  if (says === undefined) return "out";
  return says.link === undefined ? "attribute" : "link";
}

/** A header as a name, as the server makes one (kernel/observe/mapping.py, as_name). */
export function asName(header: string): string {
  const plain = header
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .normalize("NFKD")
    .replace(/[^\x20-\x7e]/g, "")
    .toLowerCase();
  const name = (plain.match(/[a-z0-9]+/g) ?? [])
    .join("_")
    .slice(0, 60)
    .replace(/^_+|_+$/g, "");
  if (name === "") return "column";
  return /^\d/.test(name) ? `n${name}` : name;
}

/** A first name for the event a column dates: `Date_Finished` of an order is order.finished. */
export function eventNameFor(kind: string, column: string): string {
  const words = asName(column)
    .split("_")
    .filter(
      (word) => !["date", "datum", "day", "tag", "time", "zeit", "at", "on", "am", "is"].includes(word),
    );
  return `${kind}.${words.join("_") || "dated"}`;
}

export function withColumn(
  document: MappingDocument,
  column: string,
  change: { [Name in keyof ColumnSays]?: ColumnSays[Name] | undefined },
): MappingDocument {
  const says = stripped({ ...document.columns?.[column], ...change });
  return { ...document, columns: { ...document.columns, [column]: says } };
}

/** Another sort of value; how the former was written goes, and the values that could be chosen no longer fit. */
export function withSort(document: MappingDocument, column: string, sort: Sort): MappingDocument {
  const chosen = document.columns?.[column]?.actionable && sort !== "text";
  return withColumn(document, column, {
    sort,
    unit: undefined,
    format: undefined,
    actionable: chosen || undefined,
  });
}

/** Personal or not; nobody is told to choose otherwise what is. */
export function withPersonal(document: MappingDocument, column: string, personal: boolean): MappingDocument {
  return withColumn(
    document,
    column,
    personal ? { personal, actionable: undefined } : { personal: undefined },
  );
}

/** Whether the business may be what chooses an attribute. */
export const isChoosable = ({ sort, personal }: ColumnSays): boolean => sort !== "text" && !personal;

export function withEvent(
  document: MappingDocument,
  type: string,
  change: { [Name in keyof EventSays]?: EventSays[Name] | undefined },
): MappingDocument {
  const event = document.events?.[type];
  if (event === undefined) return document;
  return { ...document, events: { ...document.events, [type]: stripped({ ...event, ...change }) } };
}

/** Another name for an event, also where columns say that it makes them known. */
export function renamed(document: MappingDocument, from: string, to: string): MappingDocument {
  if (from === to || document.events?.[to] !== undefined) return document;
  const events = Object.fromEntries(
    eventsOf(document).map(([type, event]) => [type === from ? to : type, event]),
  );
  const columns = mapped(document.columns, (says) => (says.known === from ? { ...says, known: to } : says));
  return { ...document, events, columns };
}

/** Put a column to another use. What it was before is taken away. */
export function withRole(
  document: MappingDocument,
  column: string,
  role: Role,
  sort: Sort = "category",
): MappingDocument {
  const bare = without(document, column);
  const before = forgetting(document.columns?.[column] ?? {}, datedBy(document, column));
  switch (role) {
    case "key":
      return { ...bare, key: [...keysOf(bare), column] };
    case "link":
      return withColumn(bare, column, { ...kept(before), link: asName(column) });
    case "attribute":
      return withColumn(bare, column, {
        ...(before.link === undefined ? before : kept(before)),
        sort: before.sort ?? sort,
      });
    case "event":
      return { ...bare, events: { ...bare.events, [freeName(bare, column)]: { time: column } } };
    case "recorded":
      return recorded(bare, column);
    case "out":
      return { ...bare, ignored: [...list(bare.ignored), column] };
  }
}

/** Whether a column that is the only key, or the last event others wait for, stays what it is. */
export function lostWith(document: MappingDocument, column: string): string[] {
  const type = datedBy(document, column);
  if (type === undefined) return [];
  return Object.entries(document.columns ?? {})
    .filter(([, says]) => says.known === type)
    .map(([name]) => name);
}

function kept({ known, otherwise, personal }: ColumnSays): ColumnSays {
  return stripped({ known, otherwise, personal });
}

function freeName(document: MappingDocument, column: string): string {
  const wanted = eventNameFor(document.kind, column);
  const taken = document.events ?? {};
  if (taken[wanted] === undefined) return wanted;
  return `${wanted}_${Object.keys(taken).length + 1}`;
}

function recorded(document: MappingDocument, column: string): MappingDocument {
  const first = eventsOf(document)[0];
  if (first === undefined) return document;
  return withEvent(document, first[0], { known: [...list(first[1].known), column] });
}

/** The document with a column out of everything; what waited for its event waits for nothing. */
function without(document: MappingDocument, column: string): MappingDocument {
  const gone = datedBy(document, column);
  const events = Object.fromEntries(
    eventsOf(document)
      .filter(([type]) => type !== gone)
      .map(([type, event]) => [type, unrecorded(event, column)]),
  );
  const left = Object.entries(document.columns ?? {}).filter(([name]) => name !== column);
  const columns = mapped(Object.fromEntries(left), (says) => forgetting(says, gone));
  const ignored = list(document.ignored).filter((name) => name !== column);
  const key = keysOf(document).filter((name) => name !== column);
  return { ...document, key, ignored, events, columns };
}

/** What a column says, known from the start where an event that is gone made it known. */
function forgetting(says: ColumnSays, gone: string | undefined): ColumnSays {
  if (gone === undefined || says.known !== gone) return says;
  return stripped<ColumnSays>({ ...says, known: undefined, otherwise: undefined });
}

function unrecorded(event: EventSays, column: string): EventSays {
  const known = list(event.known).filter((name) => name !== column);
  return stripped({ ...event, known: known.length > 0 ? known : undefined });
}

/** Which event a column dates the recording of. */
export function withRecorded(document: MappingDocument, column: string, type: string): MappingDocument {
  const bare = without(document, column);
  const event = bare.events?.[type];
  return event === undefined ? document : withEvent(bare, type, { known: [...list(event.known), column] });
}

function mapped(
  columns: Record<string, ColumnSays> | undefined,
  change: (says: ColumnSays) => ColumnSays,
): Record<string, ColumnSays> {
  return Object.fromEntries(Object.entries(columns ?? {}).map(([name, says]) => [name, change(says)]));
}

function stripped<T extends object>(value: { [Name in keyof T]?: T[Name] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined && one !== "")) as T;
}

/** Whether anything that concerns a column is other than proposed. */
export function isChanged(before: MappingDocument, after: MappingDocument, column: string): boolean {
  return JSON.stringify(about(before, column)) !== JSON.stringify(about(after, column));
}

function about(mapping: MappingDocument, column: string) {
  const event = datedBy(mapping, column) ?? recordedBy(mapping, column);
  return [roleOf(mapping, column), mapping.columns?.[column], event, event && mapping.events?.[event]];
}

/** Another name for what a row is about; events called after it follow. */
export function withKind(document: MappingDocument, kind: string): MappingDocument {
  const own = `${document.kind}.`;
  const made = eventsOf(document)
    .filter(([type]) => type.startsWith(own))
    .reduce((so, [type]) => renamed(so, type, `${kind}.${type.slice(own.length)}`), document);
  return { ...made, kind };
}
