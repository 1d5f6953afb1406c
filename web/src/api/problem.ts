/** An error of the interface (RFC 9457): `code` is stable, `detail` and `hint` are fit to be shown. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly hint: string | undefined;
  /** Members of single errors, such as `at`, `length` and `allowed` of a line that cannot be read. */
  readonly more: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    code: string,
    detail: string,
    hint?: string,
    more: Record<string, unknown> = {},
  ) {
    super(detail);
    this.name = "Problem";
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.hint = hint;
    this.more = more;
  }
}

/** Codes the app gives itself, where no answer came that could name one. */
export const UNREACHABLE = "unreachable";
export const UNREADABLE = "unreadable";

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** The problem an unsuccessful answer tells of; a stand-in where its body is none. */
export function problemOf(status: number, body: unknown): Problem {
  const told = typeof body === "object" && body !== null ? { ...body } : {};
  const { code, detail, hint, ...more } = told as Record<string, unknown>;
  return new Problem(status, text(code) ?? UNREADABLE, text(detail) ?? `HTTP ${status}`, text(hint), more);
}

/** Whether an error says that nobody is signed in. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof Problem && error.status === 401;
}

/** Whether an error says that something is not there, or not open to whoever asks. */
export function isShut(error: unknown): boolean {
  return error instanceof Problem && (error.status === 403 || error.status === 404);
}
