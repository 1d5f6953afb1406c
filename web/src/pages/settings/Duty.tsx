import { Skeleton, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { invariants } from "../../api/duty.ts";
import type { Invariant } from "../../api/shapes.ts";
import { Failed } from "../../parts/Failed.tsx";
import { Foreign } from "../../parts/Foreign.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import classes from "./settings.module.css";

/** The sentences that must always be true, asked of the rows just now. */
export function Duty() {
  const { t } = useTexts();
  const found = useQuery(invariants);
  const broken = found.data?.filter((one) => one.broken > 0) ?? [];
  return (
    <section className={classes.part}>
      <Title order={2}>{t("settings.duty")}</Title>
      {found.error && !found.data && <Failed error={found.error} again={() => void found.refetch()} />}
      {found.isPending && <Skeleton height={160} />}
      {found.data && (
        <>
          <p>
            {broken.length > 0
              ? t("settings.duty.broken", { count: broken.length })
              : t("settings.duty.whole", { count: found.data.length })}
          </p>
          <ul className={classes.list}>
            {[...broken, ...found.data.filter((one) => one.broken === 0)].map((one) => (
              <Sentence key={one.name} {...one} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Sentence({ says, broken, example, broken_since }: Invariant) {
  const { t, format } = useTexts();
  const since =
    broken_since === null ? "" : ` ${t("settings.duty.since", { day: format.day(broken_since) })}`;
  return (
    <li data-broken={broken > 0 || undefined}>
      <Foreign>{says}</Foreign>
      <div className="soft">
        {broken > 0 ? t("settings.duty.for", { count: broken, example }) + since : t("settings.duty.holds")}
      </div>
    </li>
  );
}
