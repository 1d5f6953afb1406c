import { Title } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";
import "./parts.css";

type PageProps = { title: string; lead?: ReactNode; actions?: ReactNode; children: ReactNode };

/** A page: its heading takes the focus when one arrives, and names the tab. */
export function Page({ title, lead, actions, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Sightline`;
  }, [title]);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <Title order={1} ref={heading} tabIndex={-1}>
            {title}
          </Title>
          {lead}
        </div>
        {actions && (
          <div className="actions" style={{ marginTop: 0 }}>
            {actions}
          </div>
        )}
      </header>
      {children}
    </div>
  );
}
