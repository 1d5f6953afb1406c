import { Button, Code } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { CircleAlert } from "lucide-react";
import { Fragment, type ReactNode } from "react";
import { Problem, UNREACHABLE, UNREADABLE } from "../api/problem.ts";
import { type Texts, useTexts } from "../texts/Texts.tsx";
import { Notice } from "./Empty.tsx";
import { Foreign } from "./Foreign.tsx";
import { Marked } from "./Marked.tsx";

/** What an error means to the person in front of it, and what to do about it. */
export function explain(error: unknown, t: Texts["t"]): { detail: string; hint?: string } {
  if (!(error instanceof Problem)) return { detail: error instanceof Error ? error.message : String(error) };
  if (error.code === UNREACHABLE) return { detail: t("failed.unreachable") };
  if (error.code === UNREADABLE) return { detail: t("failed.unreadable"), hint: error.detail };
  if (error.status === 403) return { detail: error.detail, hint: t("failed.forbidden") };
  return error.hint === undefined ? { detail: error.detail } : { detail: error.detail, hint: error.hint };
}

type FailedProps = { error: unknown; again?: () => void; level?: 1 | 2 };

/** A read that did not succeed, in the place of what it would have shown. */
export function Failed({ error, again, level = 2 }: FailedProps) {
  const { t } = useTexts();
  const { detail, hint } = explain(error, t);
  const theirs = error instanceof Problem && error.code !== UNREACHABLE && error.code !== UNREADABLE;
  const [Detail, Hint] = [theirs ? Foreign : Fragment, theirs && error.status !== 403 ? Foreign : Fragment];
  return (
    <Notice icon={<CircleAlert size={20} />} title={t("failed.title")} level={level} role="alert">
      <Detail>
        <Marked text={detail} />
      </Detail>
      {hint && (
        <div className="soft">
          <Hint>
            <Marked text={hint} />
          </Hint>
        </div>
      )}
      {again && (
        <Actions>
          <Button variant="default" onClick={again}>
            {t("failed.again")}
          </Button>
        </Actions>
      )}
    </Notice>
  );
}

/** A page that threw while it was drawn. */
export function Crashed({ error }: { error: unknown }) {
  const { t } = useTexts();
  return (
    <Notice icon={<CircleAlert size={20} />} title={t("failed.crash.title")} role="alert">
      {t("failed.crash.text")}
      <Code block mt="md">
        {error instanceof Error ? error.message : String(error)}
      </Code>
      <Actions>
        <Button variant="default" onClick={() => window.location.reload()}>
          {t("failed.crash.reload")}
        </Button>
      </Actions>
    </Notice>
  );
}

/** An address that leads nowhere. */
export function Missing() {
  const { t } = useTexts();
  return (
    <Notice title={t("failed.missing.title")} level={1}>
      {t("failed.missing.text")}
      <Actions>
        <Button variant="default" renderRoot={(props) => <Link to="/" {...props} />}>
          {t("failed.missing.home")}
        </Button>
      </Actions>
    </Notice>
  );
}

function Actions({ children }: { children: ReactNode }) {
  return <div className="actions">{children}</div>;
}
