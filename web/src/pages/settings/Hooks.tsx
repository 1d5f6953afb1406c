import { Skeleton, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { hooks } from "../../api/duty.ts";
import type { Hook } from "../../api/shapes.ts";
import { Failed } from "../../parts/Failed.tsx";
import { Foreign } from "../../parts/Foreign.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import classes from "./settings.module.css";

/** The endpoints that other systems post to, and how each fares; they are made by a command. */
export function Hooks() {
  const { t } = useTexts();
  const found = useQuery(hooks);
  return (
    <section className={classes.part}>
      <Title order={2}>{t("settings.hooks")}</Title>
      {found.error && !found.data && <Failed error={found.error} again={() => void found.refetch()} />}
      {found.isPending && <Skeleton height={60} />}
      {found.data?.length === 0 && (
        <p>
          {t("settings.hooks.none")} <code>sightline hooks add NAME</code>
        </p>
      )}
      {found.data && found.data.length > 0 && (
        <ul className={classes.list}>
          {found.data.map((one) => (
            <Endpoint key={one.name} {...one} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Endpoint({ name, source, scheme, address, disabled_at, taken_at, refused_at, refused_why }: Hook) {
  const { t, format } = useTexts();
  const last = taken_at === null ? t("settings.hooks.never") : format.moment(taken_at);
  return (
    <li data-broken={disabled_at !== null || undefined}>
      <strong>{name}</strong> <code className={classes.address}>{address}</code>
      <div className="soft">
        {t("settings.hooks.of", { source, scheme })} {t("settings.hooks.last", { moment: last })}
      </div>
      {disabled_at !== null && <div>{t("settings.hooks.off", { day: format.day(disabled_at) })}</div>}
      {refused_at !== null && (
        <div>
          {t("settings.hooks.refused", { moment: format.moment(refused_at) })}{" "}
          <Foreign>{refused_why}</Foreign>
        </div>
      )}
    </li>
  );
}
