import { Button, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { api, body } from "../../api/client.ts";
import { proof, watch } from "../../api/queries.ts";
import { useMayOperate } from "../../api/rights.ts";
import type { Alarm, Watch, Watched } from "../../api/shapes.ts";
import { Chart } from "../../parts/Chart.tsx";
import { Confirm } from "../../parts/Confirm.tsx";
import { explain, Failed } from "../../parts/Failed.tsx";
import { Foreign } from "../../parts/Foreign.tsx";
import { type Texts, useTexts } from "../../texts/Texts.tsx";
import { evidence, type Path } from "./charts/evidence.ts";
import classes from "./proof.module.css";
import { Scrolled } from "./Scrolled.tsx";
import { Section } from "./Section.tsx";

/** How the model on duty fares: what came beside what was said, who is asked, and alarms. */
export function OnDuty({ name }: { name: string }) {
  const { t, format } = useTexts();
  const found = useQuery(watch(name));
  const { data } = found;
  const sides = useQuery(proof(name)).data?.sides;
  if (data === undefined) {
    if (!found.error) return null;
    return (
      <Section id="duty" title={t("proof.duty")}>
        <Failed error={found.error} again={() => void found.refetch()} />
      </Section>
    );
  }
  const looked = data.version !== null;
  return (
    <Section
      id="duty"
      title={t("proof.duty")}
      lead={looked ? t("proof.duty.lead", { needed: format.number(data.needed) }) : t("proof.duty.nothing")}
    >
      {data.alarms.map((one) => (
        <OneAlarm key={one.id} alarm={one} />
      ))}
      {looked && <Seen data={data} sides={sides ?? []} />}
    </Section>
  );
}

/** What was seen of it when it was last looked at. */
function Seen({ data, sides }: { data: Watch; sides: Sides }) {
  const { t, format } = useTexts();
  const called = (one: Watched) => words(one, data, sides, t);
  return (
    <>
      <Scrolled label={t("proof.duty")}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t("proof.duty.what")}</th>
              <th scope="col">{t("proof.duty.answers")}</th>
              <th scope="col">{t("proof.duty.said")}</th>
              <th scope="col">{t("proof.duty.came")}</th>
              <th scope="col">{t("proof.duty.evidence")}</th>
            </tr>
          </thead>
          <tbody>
            {data.watched.map((one) => (
              <tr key={one.what}>
                <th scope="row">{called(one)}</th>
                <td>{format.number(one.answers)}</td>
                <td>{one.said === null ? "" : format.share(one.said)}</td>
                <td>{one.came === null ? "" : format.share(one.came)}</td>
                <td>{format.number(Number(one.evidence.toPrecision(2)))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
      <Evidence data={data} called={called} />
      <ul>
        {(data.population?.shifts ?? []).map((one) => (
          <li key={one.feature}>
            <Foreign>
              {t("proof.duty.shift", { called: one.called, how: one.how, day: format.day(one.since) })}
            </Foreign>
          </li>
        ))}
      </ul>
    </>
  );
}

type Sides = readonly { side: string; called: string }[];

function words(one: Watched, data: Watch, sides: Sides, t: Texts["t"]): string {
  if (one.what === "calibration") return t("proof.duty.calibration");
  if (one.what === "rival") return t("proof.duty.rival", { version: data.rival?.version.slice(0, 8) ?? "" });
  const side = one.what.replace("promise:", "");
  return t("proof.duty.promise", { called: sides.find((other) => other.side === side)?.called ?? side });
}

function Evidence({ data, called }: { data: Watch; called: (one: Watched) => string }) {
  const { t, format } = useTexts();
  const paths: Path[] = data.watched.map((one) => ({ name: called(one), points: one.path }));
  if (data.population !== null)
    paths.push({ name: t("proof.duty.population"), points: data.population.windows });
  const drawn = paths.filter((one) => one.points.length > 0);
  const key = JSON.stringify(drawn);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the paths are made anew at each drawing, their text is not
  const option = useMemo(() => evidence(drawn, data.needed, { t, format }), [key, data.needed, t, format]);
  if (drawn.length === 0) return null;
  const clear = data.watched.some((one) => one.alarm) || (data.population?.alarm ?? false);
  return (
    <Chart
      title={t("proof.duty.chart")}
      says={t(clear ? "proof.duty.chart.some" : "proof.duty.chart.none")}
      option={option}
      table={{
        columns: [t("proof.duty.what"), t("proof.duty.evidence")],
        rows: drawn.map((one) => [
          one.name,
          format.number(Number((one.points.at(-1)?.evidence ?? 1).toPrecision(2))),
        ]),
      }}
      height={300}
    />
  );
}

function OneAlarm({ alarm }: { alarm: Alarm }) {
  const { t, format } = useTexts();
  const may = useMayOperate();
  const queries = useQueryClient();
  const [asked, setAsked] = useState(false);
  const [why, setWhy] = useState("");
  const lifting = useMutation({
    mutationFn: () =>
      body(api.POST("/v1/alarms/{id}/lift", { params: { path: { id: alarm.id } }, body: { why } })),
    onSuccess: () => {
      setAsked(false);
      void queries.invalidateQueries({ queryKey: ["watch"] });
    },
  });
  return (
    <div role="note">
      <p>
        {format.day(alarm.raised_at)}: <Foreign>{alarm.words}</Foreign>{" "}
        {alarm.lifted_at === null ? (
          <Foreign>{alarm.advice}</Foreign>
        ) : (
          t("proof.duty.lifted", { by: alarm.lifted_by ?? "", why: alarm.why })
        )}
      </p>
      {may && alarm.lifted_at === null && (
        <Button size="compact-sm" variant="default" onClick={() => setAsked(true)}>
          {t("proof.duty.lift")}
        </Button>
      )}
      <Confirm
        opened={asked}
        title={t("proof.duty.lift.title")}
        action={t("proof.duty.lift")}
        busy={lifting.isPending}
        yes={() => why.trim() && lifting.mutate()}
        no={() => setAsked(false)}
      >
        <p>{t("proof.duty.lift.text")}</p>
        <TextInput
          label={t("proof.duty.lift.why")}
          maxLength={2_000}
          value={why}
          onChange={(event) => setWhy(event.currentTarget.value)}
        />
        {lifting.error && <p role="alert">{explain(lifting.error, t).detail}</p>}
      </Confirm>
    </div>
  );
}
