import { Button, Skeleton } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Download, FlaskConical } from "lucide-react";
import type { ReactNode } from "react";
import { Problem } from "../../api/problem.ts";
import { proof, questions } from "../../api/queries.ts";
import type { Question } from "../../api/shapes.ts";
import { Empty } from "../../parts/Empty.tsx";
import { explain, Failed } from "../../parts/Failed.tsx";
import { Foreign, useForeign } from "../../parts/Foreign.tsx";
import { Page } from "../../parts/Page.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { fileOf, save } from "./file.ts";
import { OnDuty } from "./OnDuty.tsx";
import classes from "./proof.module.css";
import { Report } from "./Report.tsx";
import { Versions } from "./Versions.tsx";
import type { Shown } from "./Wrong.tsx";

/** How far the model of a question can be trusted. */
export function Proof() {
  const { name } = useParams({ from: "/shell/proof/$name" });
  const { data, error, refetch } = useQuery(proof(name));
  const known = useQuery(questions);
  const asked = known.data?.questions.find((one) => one.name === name);
  if (data !== undefined)
    return (
      <Framed name={name} asked={asked} actions={<Sending name={name} />}>
        <Report document={data} unit={asked?.worth_unit ?? null} shown={linked} />
        <OnDuty name={name} />
        <Versions name={name} />
      </Framed>
    );
  return (
    <Framed name={name} asked={asked}>
      {error === null ? (
        <Loading />
      ) : (
        <Without error={error} name={name} known={known.data?.questions ?? []} again={() => void refetch()} />
      )}
    </Framed>
  );
}

type WithoutProps = { error: unknown; name: string; known: readonly Question[]; again: () => void };

/** Why there is no proof. */
function Without({ error, name, known, again }: WithoutProps) {
  const code = error instanceof Problem ? error.code : "";
  if (code === "not_found") return <Unknown name={name} known={known} />;
  if (code === "not_enough") return <Untrained asked={known.find((one) => one.name === name)} />;
  return <Failed error={error} again={again} />;
}

type FramedProps = { name: string; asked?: Question | undefined; actions?: ReactNode; children?: ReactNode };

function Framed({ name, asked, actions, children }: FramedProps) {
  const foreign = useForeign();
  return (
    <Page
      title={asked?.asks ?? name}
      lang={foreign(name)}
      lead={<code className="soft">{name}</code>}
      actions={actions}
    >
      {children}
    </Page>
  );
}

const linked: Shown = (ref, day) => (
  <Link to="/subject/$" params={{ _splat: ref }} search={{ as_of: day }}>
    {ref}
  </Link>
);

/** The same proof as one file that opens anywhere. */
function Sending({ name }: { name: string }) {
  const { t } = useTexts();
  const saving = useMutation({
    mutationFn: () => fileOf(name),
    onSuccess: (file) => save(file, `${name}.html`),
    onError: (error) => notifications.show({ message: explain(error, t).detail, color: "red" }),
  });
  return (
    <Button
      variant="default"
      leftSection={<Download size={15} aria-hidden />}
      loading={saving.isPending}
      onClick={() => saving.mutate()}
    >
      {t("proof.print")}
    </Button>
  );
}

function Loading() {
  return (
    <div className={classes.skeletons} aria-busy>
      <Skeleton height={190} radius="lg" />
      <Skeleton height={70} />
      <Skeleton height={340} />
      <Skeleton height={340} />
    </div>
  );
}

function Untrained({ asked }: { asked: Question | undefined }) {
  const { t } = useTexts();
  return (
    <Empty
      icon={<FlaskConical size={20} />}
      title={t("proof.untrained")}
      actions={
        <Button renderRoot={(props) => <Link to="/ask" {...props} />}>{t("proof.untrained.ask")}</Button>
      }
    >
      {t("proof.untrained.text")}
      {asked && (
        <>
          {" "}
          <code>{asked.line}</code>
        </>
      )}
    </Empty>
  );
}

function Unknown({ name, known }: { name: string; known: readonly Question[] }) {
  const { t } = useTexts();
  return (
    <Empty title={t("proof.missing", { name })}>
      {t(known.length ? "proof.missing.text" : "proof.missing.none")}
      <ul className={classes.links}>
        {known.map((one) => (
          <li key={one.name}>
            <Link to="/proof/$name" params={{ name: one.name }}>
              <Foreign of={one.name}>{one.asks}</Foreign>
            </Link>
          </li>
        ))}
      </ul>
    </Empty>
  );
}
