import type { ReactNode } from "react";
import "./parts.css";

type NoticeProps = {
  title: string;
  icon?: ReactNode;
  role?: "alert" | "status";
  level?: 1 | 2;
  children: ReactNode;
};

/** A few words in the middle of a place that has nothing else to show. */
export function Notice({ title, icon, role, level = 2, children }: NoticeProps) {
  const Heading = level === 1 ? "h1" : "h2";
  return (
    <div className="notice" role={role}>
      {icon && <span className="notice-icon">{icon}</span>}
      <Heading style={{ margin: 0, fontSize: "0.9375rem" }}>{title}</Heading>
      <div>{children}</div>
    </div>
  );
}

type EmptyProps = { title: string; icon?: ReactNode; children: ReactNode; actions?: ReactNode };

/** Nothing is here: why, and what the next step is. */
export function Empty({ title, icon, children, actions }: EmptyProps) {
  return (
    <Notice title={title} icon={icon} role="status">
      <span className="soft">{children}</span>
      {actions && <div className="actions">{actions}</div>}
    </Notice>
  );
}
