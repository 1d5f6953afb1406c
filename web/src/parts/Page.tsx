import { Title } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";
import "./parts.css";

type PageProps = {
  title: string /** Of the title, where it is not the app's. */;
  lang?: string | undefined;
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
};

/** Where the app is loaded the focus stays where a browser puts it; later pages take it themselves. */
let loaded = false;

/** A page: its heading takes the focus when one arrives, and names the tab. */
export function Page({ title, lang, lead, actions, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Sightline`;
  }, [title]);
  useEffect(() => {
    if (loaded) heading.current?.focus({ preventScroll: true });
    loaded = true;
  }, []);
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <Title order={1} lang={lang} ref={heading} tabIndex={-1}>
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
