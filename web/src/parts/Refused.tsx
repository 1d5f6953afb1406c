import { Problem, UNREACHABLE, UNREADABLE } from "../api/problem.ts";
import { useTexts } from "../texts/Texts.tsx";
import { explain } from "./Failed.tsx";
import { Foreign } from "./Foreign.tsx";
import { Marked } from "./Marked.tsx";
import "./parts.css";

/** A hint that names a command helps whoever sits at a command line, not whoever looks at a page. */
const COMMAND = /^`sightline /;

/** What was tried and not taken, beside where it was tried: what one wrote stays as it is. */
export function Refused({ error }: { error: unknown }) {
  const { t } = useTexts();
  if (!error) return null;
  const { detail, hint } = explain(error, t);
  const theirs = error instanceof Problem && error.code !== UNREACHABLE && error.code !== UNREADABLE;
  // Where the server says what is to be done about a missing right, that is more than we know of it.
  const way = error instanceof Problem && error.status === 403 ? (error.hint ?? hint) : hint;
  return (
    <p role="alert" className="refused">
      {theirs ? <Foreign>{<Marked text={detail} />}</Foreign> : <Marked text={detail} />}
      {way && !COMMAND.test(way) && (
        <span className="soft">
          {" "}
          {theirs && way !== t("failed.forbidden") ? (
            <Foreign>{<Marked text={way} />}</Foreign>
          ) : (
            <Marked text={way} />
          )}
        </span>
      )}
    </p>
  );
}
