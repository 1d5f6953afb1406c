import { Link } from "@tanstack/react-router";
import "./parts.css";

/** A reference (`line/4712`) as kind and key; the key may hold slashes. */
export function parseRef(ref: string): { kind: string; key: string } {
  const at = ref.indexOf("/");
  return at < 0 ? { kind: "", key: ref } : { kind: ref.slice(0, at), key: ref.slice(at + 1) };
}

/** A thing by its reference, leading to its page. */
export function RefLink({ to, showKind = true }: { to: string; showKind?: boolean }) {
  const { kind, key } = parseRef(to);
  return (
    <Link to="/subject/$" params={{ _splat: to }} className="ref">
      {showKind && <span className="ref-kind">{kind} </span>}
      {key}
    </Link>
  );
}
