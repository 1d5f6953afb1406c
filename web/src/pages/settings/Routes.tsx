import { Button, Skeleton, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useMayAdminister } from "../../api/rights.ts";
import { routes, useUnroute } from "../../api/routes.ts";
import type { Route } from "../../api/shapes.ts";
import { Confirm } from "../../parts/Confirm.tsx";
import { Failed } from "../../parts/Failed.tsx";
import { Foreign } from "../../parts/Foreign.tsx";
import { Refused } from "../../parts/Refused.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { RouteForm } from "./RouteForm.tsx";
import classes from "./settings.module.css";

/** Who is asked what a playbook puts into the inbox, in the order in which it is looked for. */
export function Routes() {
  const { t } = useTexts();
  const found = useQuery(routes);
  const may = useMayAdminister();
  const [adding, setAdding] = useState(false);
  return (
    <section className={classes.part}>
      <Title order={2}>{t("settings.routes")}</Title>
      {found.error && !found.data && <Failed error={found.error} again={() => void found.refetch()} />}
      {found.isPending && <Skeleton height={60} />}
      {found.data && <p>{t(found.data.length === 0 ? "settings.routes.none" : "settings.routes.text")}</p>}
      {found.data && found.data.length > 0 && (
        <ol className={classes.list}>
          {found.data.map((one) => (
            <OneRoute key={one.name} route={one} may={may} />
          ))}
        </ol>
      )}
      {found.data && may && !adding && (
        <div className="actions">
          <Button size="compact-sm" variant="default" onClick={() => setAdding(true)}>
            {t("settings.routes.add")}
          </Button>
        </div>
      )}
      {adding && <RouteForm known={found.data ?? []} close={() => setAdding(false)} />}
    </section>
  );
}

function OneRoute({ route, may }: { route: Route; may: boolean }) {
  const { t } = useTexts();
  const { name, playbook, whom, to, gone, stopped } = route;
  const told = { playbook, whom, names: to.join(", ") };
  return (
    <li data-broken={stopped !== "" || undefined}>
      <div className={classes.row}>
        <strong>{name}</strong>
        {may && <Remove name={name} />}
      </div>
      <div className="soft">{t(whom === "" ? "settings.routes.all" : "settings.routes.some", told)}</div>
      {gone.length > 0 && <div>{t("settings.routes.gone", { names: gone.join(", ") })}</div>}
      {stopped !== "" && (
        <div>
          {t("settings.routes.stopped")} <Foreign>{stopped}</Foreign>
        </div>
      )}
    </li>
  );
}

function Remove({ name }: { name: string }) {
  const { t } = useTexts();
  const [asking, setAsking] = useState(false);
  const removing = useUnroute();
  const word = t("settings.routes.remove");
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        aria-label={`${word}: ${name}`}
        onClick={() => setAsking(true)}
      >
        {word}
      </Button>
      <Refused error={removing.error} />
      <Confirm
        opened={asking}
        title={t("settings.routes.remove.title", { name })}
        action={word}
        harmful
        busy={removing.isPending}
        yes={() => removing.mutate(name, { onSettled: () => setAsking(false) })}
        no={() => setAsking(false)}
      >
        <p>{t("settings.routes.remove.text")}</p>
      </Confirm>
    </>
  );
}
