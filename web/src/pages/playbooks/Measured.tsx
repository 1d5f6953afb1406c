import { Skeleton, Table } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { effectOf } from "../../api/plays.ts";
import { questions } from "../../api/queries.ts";
import type { ChoiceEffect, Effect, LearnedWhole, PlaybookEffect } from "../../api/shapes.ts";
import { Failed } from "../../parts/Failed.tsx";
import { Badge, Money } from "../../parts/values.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { change, claim, exactShare } from "./figures.ts";
import { Habits } from "./Habits.tsx";
import { OverTime } from "./OverTime.tsx";
import classes from "./playbooks.module.css";

/** What acting by a playbook changed, as it stands and as it stood. */
export function Measured({ name }: { name: string }) {
  const { t } = useTexts();
  const found = useQuery(effectOf(name));
  if (found.error && !found.data) return <Failed error={found.error} again={() => void found.refetch()} />;
  if (!found.data) return <Skeleton height={160} />;
  const { effect, choose, learned, hours, channels } = found.data;
  if (effect === null) return <p className="soft">{t("effect.unmeasured")}</p>;
  return (
    <>
      <Whole told={found.data} effect={effect} />
      {choose === "learned" && <Learned learned={learned} />}
      {[...(hours ? [hours] : []), ...channels].map((habit) => (
        <Habits key={habit.choice ?? ""} habit={habit} />
      ))}
    </>
  );
}

function Whole({ told, effect }: { told: PlaybookEffect; effect: Effect }) {
  const { t, format } = useTexts();
  const unit = useUnit(told.question);
  const series = useMemo(
    () => [
      {
        name: t("effect.all"),
        points: told.path.flatMap(({ at, difference, sequence }) =>
          difference === null || sequence === null ? [] : [{ at, difference, interval: sequence }],
        ),
      },
    ],
    [told.path, t],
  );
  return (
    <>
      <Headline effect={effect} unit={unit} />
      <p className="soft">
        {t("effect.lead", { called: told.called, share: exactShare(format, told.hold_out) })}
      </p>
      {known(effect) && <Rows effect={effect} unit={unit} />}
      <OverTime title={t("effect.chart")} says={t("effect.chart.says")} series={series} />
    </>
  );
}

function useUnit(question: string): string | null {
  const known = useQuery(questions);
  return known.data?.questions.find((one) => one.name === question)?.worth_unit ?? null;
}

/** What can be claimed, in one sentence; a broken split comes before all else. */
function Headline({ effect, unit }: { effect: Effect; unit: string | null }) {
  const { t, format } = useTexts();
  const { sequence, difference, weeks, money, split } = effect;
  if (split?.broken) {
    const [treated = 0, control = 0] = split.counts;
    return (
      <p role="alert" className="refused">
        {t("effect.broken", { treated: format.number(treated), control: format.number(control) })}
      </p>
    );
  }
  if (!known(effect)) return <Awaited effect={effect} />;
  const stands = claim(sequence);
  const more = weeks === null ? "" : ` ${t("effect.weeks", { count: weeks })}`;
  if (stands === "none" || sequence === null || difference === null)
    return <p className={classes.headline}>{`${t("effect.none")}${more}`}</p>;
  const [low, high] = [sequence.low, sequence.high].map((one) => change(format, one)) as [string, string];
  if (stands === "open")
    return <p className={classes.headline}>{`${t("effect.open", { low, high })}${more}`}</p>;
  return (
    <p className={classes.headline}>
      {t("effect.claimed", { difference: change(format, difference), low, high })}{" "}
      {money &&
        t("effect.money", {
          gained: format.money(money.gained, unit),
          low: format.money(money.interval.low, unit),
          high: format.money(money.interval.high, unit),
        })}
    </p>
  );
}

/** Whether anything has come of what was decided. */
const known = ({ treated, control }: Effect) => treated > 0 || control > 0;

/** How many wait for an outcome, and when the first come in. */
function Awaited({ effect: { decided, due } }: { effect: Effect }) {
  const { t, format } = useTexts();
  return (
    <p className={classes.headline}>
      {t("effect.none")} {decided === 0 ? t("effect.undecided") : t("effect.waiting", { count: decided })}{" "}
      {due !== null && t("effect.due", { day: format.day(due) })}
    </p>
  );
}

const HEADS = ["choice", "treated", "rate", "held", "heldRate", "difference", "interval", "worth"] as const;

/** All choices together, and each beside those kept back for whom it was meant. */
function Rows({ effect, unit }: { effect: Effect; unit: string | null }) {
  const { t } = useTexts();
  return (
    <Table.ScrollContainer minWidth={0} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
      <Table aria-label={t("effect")} className={classes.counts ?? ""}>
        <Table.Thead>
          <Table.Tr>
            {HEADS.map((one) => (
              <Table.Th key={one}>{t(`effect.${one}`)}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {[effect, ...effect.choices].map((one) => (
            <Row key={one.choice ?? ""} one={one} unit={unit} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Row({ one, unit }: { one: ChoiceEffect; unit: string | null }) {
  const { t, format } = useTexts();
  const share = (part: number | null) => (part === null ? "–" : exactShare(format, part));
  return (
    <Table.Tr>
      <Table.Td>{one.choice ?? t("effect.all")}</Table.Td>
      <Table.Td className="num">{format.number(one.treated)}</Table.Td>
      <Table.Td className="num">{share(one.treated_rate)}</Table.Td>
      <Table.Td className="num">{format.number(one.control)}</Table.Td>
      <Table.Td className="num">{share(one.control_rate)}</Table.Td>
      <Table.Td className="num">{one.difference === null ? "–" : change(format, one.difference)}</Table.Td>
      <Table.Td className="num">
        {one.sequence === null
          ? "–"
          : t("effect.between", {
              low: change(format, one.sequence.low),
              high: change(format, one.sequence.high),
            })}
      </Table.Td>
      <Table.Td>
        {one.money === null ? (
          <span className="soft">–</span>
        ) : (
          <>
            <Money value={one.money.gained} unit={unit} />{" "}
            <span className="soft num">
              {t("effect.between", {
                low: format.money(one.money.interval.low, unit),
                high: format.money(one.money.interval.high, unit),
              })}
            </span>
          </>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

/** Which choice for whom: whether what was learned chooses, and what the log says of it. */
function Learned({ learned }: { learned: LearnedWhole | null }) {
  const { t, format } = useTexts();
  const difference = learned?.judged.difference ?? null;
  return (
    <div>
      <h3 className={classes.small}>{t("effect.learned")}</h3>
      <p>
        <Badge tone={learned?.loose ? "good" : "plain"}>
          {t(learned?.loose ? "effect.learned.loose" : "effect.learned.shadow")}
        </Badge>{" "}
        {difference === null
          ? t("effect.learned.none")
          : t("effect.learned.difference", {
              value: change(format, difference.value),
              low: change(format, difference.low),
              high: change(format, difference.high),
            })}
      </p>
      {learned && Object.keys(learned.judged.shares).length > 0 && (
        <p className="soft">
          {t("effect.learned.shares")}{" "}
          {Object.entries(learned.judged.shares)
            .map(([choice, share]) => `${choice} ${format.share(share)}`)
            .join(", ")}
        </p>
      )}
    </div>
  );
}
