import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, body } from "../../api/client.ts";
import { versions } from "../../api/queries.ts";
import { useMayOperate } from "../../api/rights.ts";
import type { Version } from "../../api/shapes.ts";
import { Confirm } from "../../parts/Confirm.tsx";
import { explain } from "../../parts/Failed.tsx";
import { Foreign } from "../../parts/Foreign.tsx";
import { Badge, type Tone, VerdictBadge } from "../../parts/values.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import classes from "./proof.module.css";
import { Scrolled } from "./Scrolled.tsx";
import { Section } from "./Section.tsx";

const TONES: Readonly<Record<Version["state"], Tone>> = {
  champion: "good",
  challenger: "accent",
  retired: "plain",
};

/** Every version of the model that is kept; another can be put on duty, and the one before back there. */
export function Versions({ name }: { name: string }) {
  const { t } = useTexts();
  const { data } = useQuery(versions(name));
  const may = useMayOperate();
  if (data === undefined || data.versions.length === 0) return null;
  const before = data.versions.find((one) => one.state === "champion")?.took_over_from ?? null;
  const again = data.schedule?.every_days ?? null;
  return (
    <Section
      id="versions"
      title={t("proof.versions")}
      lead={again === null ? undefined : t("proof.versions.every", { count: again })}
    >
      <Scrolled label={t("proof.versions")}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t("proof.versions.version")}</th>
              <th scope="col">{t("proof.versions.state")}</th>
              <th scope="col">{t("proof.versions.trained")}</th>
              <th scope="col">{t("proof.versions.verdict")}</th>
              <th scope="col">{t("proof.versions.why")}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {data.versions.map((one) => (
              <Row key={one.version} one={one} name={name} may={may} />
            ))}
          </tbody>
        </table>
      </Scrolled>
      {may && before !== null && <RollBack name={name} before={before} />}
    </Section>
  );
}

type RowProps = { one: Version; name: string; may: boolean };

function Row({ one, name, may }: RowProps) {
  const { t, format } = useTexts();
  const promoting = usePutting(() =>
    body(
      api.POST("/v1/questions/{name}/promote", {
        params: { path: { name } },
        body: { version: one.version },
      }),
    ),
  );
  return (
    <tr>
      <th scope="row">
        <code>{one.version.slice(0, 8)}</code>
      </th>
      <td>
        <Badge tone={TONES[one.state]}>{t(`proof.versions.state.${one.state}`)}</Badge>
      </td>
      <td>{format.day(one.trained_at)}</td>
      <td>
        <VerdictBadge verdict={one.verdict} />
      </td>
      <td>{one.reason ? <Foreign>{one.reason}</Foreign> : t(`proof.versions.why.${one.why}`)}</td>
      <td>
        {may && one.state !== "champion" && (
          <Button
            size="compact-sm"
            variant="default"
            loading={promoting.isPending}
            onClick={() => promoting.mutate()}
          >
            {t("proof.versions.promote")}
          </Button>
        )}
        {promoting.error && <p role="alert">{explain(promoting.error, t).detail}</p>}
      </td>
    </tr>
  );
}

function RollBack({ name, before }: { name: string; before: string }) {
  const { t } = useTexts();
  const [asked, setAsked] = useState(false);
  const going = usePutting(() =>
    body(api.POST("/v1/questions/{name}/rollback", { params: { path: { name } } })),
  );
  return (
    <div className="actions">
      <Button size="sm" variant="default" onClick={() => setAsked(true)}>
        {t("proof.versions.back")}
      </Button>
      <Confirm
        opened={asked}
        title={t("proof.versions.back.title")}
        action={t("proof.versions.back")}
        busy={going.isPending}
        yes={() => going.mutate(undefined, { onSuccess: () => setAsked(false) })}
        no={() => setAsked(false)}
      >
        <p>{t("proof.versions.back.text", { version: before.slice(0, 8) })}</p>
        {going.error && <p role="alert">{explain(going.error, t).detail}</p>}
      </Confirm>
    </div>
  );
}

/** Another version goes on duty: all that was said by the one before is read anew. */
function usePutting(put: () => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: put,
    onSuccess: () => {
      for (const area of ["versions", "proof", "questions", "predictions", "population"])
        void queries.invalidateQueries({ queryKey: [area] });
    },
  });
}
