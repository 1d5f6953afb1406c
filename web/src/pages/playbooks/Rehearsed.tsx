import { Button, Table } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { questions } from "../../api/queries.ts";
import type { Rehearsed as Told } from "../../api/results.ts";
import type { Verb } from "../../api/shapes.ts";
import { Foreign } from "../../parts/Foreign.tsx";
import { RefLink } from "../../parts/RefLink.tsx";
import { Badge, Money } from "../../parts/values.tsx";
import { VerbBadge } from "../../parts/verbs.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { foresees } from "./foresees.ts";
import classes from "./playbooks.module.css";

/** Decisions that are told before one asks for more. */
const FIRST_SHOWN = 5;

const VERBS: readonly Verb[] = ["act", "ask", "hold", "drop"];

/** What a playbook would have done: how often, at what expected value, and what came of it. */
export function Rehearsed({ told }: { told: Told }) {
  const { t, format } = useTexts();
  const known = useQuery(questions);
  const unit = known.data?.questions.find((one) => one.name === told.question)?.worth_unit ?? null;
  const day = (at: string) => format.day(at);
  return (
    <div className={classes.rehearsed}>
      <p className={classes.headline}>
        <Foreign>{told.headline}</Foreign>
      </p>
      <p className="soft">
        {t(foresees(told) ? "playbooks.rehearsed.span" : "playbooks.rehearsed.span.facts", {
          since: day(told.since),
          until: day(told.until),
          asked: told.asked,
          by: told.wakes_on ?? "",
        })}
      </p>
      <Counts told={told} unit={unit} />
      {told.means && Object.values(told.came).some(({ mature }) => mature > 0) && (
        <p className="soft">{t("playbooks.rehearsed.means", { means: told.means })}</p>
      )}
      <Split of="chosen" counts={told.chosen ?? {}} />
      <Split of="channels" counts={told.channels ?? {}} />
      {told.sides.length > 0 && <h4 className={classes.small}>{t("playbooks.rehearsed.lines")}</h4>}
      <ul className={classes.steps}>
        {told.sides.map(({ side, called, line, bound }) => (
          <li key={side}>
            {line === null || bound === null
              ? t("playbooks.rehearsed.line.none", { called })
              : t("playbooks.rehearsed.line", {
                  called,
                  line: format.share(line),
                  bound: format.share(bound),
                })}
          </li>
        ))}
      </ul>
      {told.shown.length > 0 && <Shown told={told} unit={unit} />}
    </div>
  );
}

type PartProps = { told: Told; unit: string | null };

function Counts({ told, unit }: PartProps) {
  const { t, format } = useTexts();
  const heads = ["verb", "count", "value", "mature", "came"] as const;
  return (
    <Table.ScrollContainer minWidth={0} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
      <Table aria-label={t("playbooks.rehearsed")} className={classes.counts ?? ""}>
        <Table.Thead>
          <Table.Tr>
            {heads.map((one) => (
              <Table.Th key={one}>{t(`playbooks.rehearsed.${one}`)}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {VERBS.map((verb) => (
            <Table.Tr key={verb}>
              <Table.Td>
                <VerbBadge verb={verb} />
              </Table.Td>
              <Table.Td className="num">{format.number(told.decided[verb] ?? 0)}</Table.Td>
              <Table.Td>
                <Money value={told.value[verb] ?? 0} unit={unit} />
              </Table.Td>
              <Table.Td className="num">{format.number(told.came[verb]?.mature ?? 0)}</Table.Td>
              <Table.Td className="num">{format.number(told.came[verb]?.yes ?? 0)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** How often each choice would have been made, or each channel taken, where there are several. */
function Split({ of, counts }: { of: "chosen" | "channels"; counts: Record<string, number> }) {
  const { t, format } = useTexts();
  const all = Object.entries(counts);
  if (all.length < 2) return null;
  const told = all.map(([name, count]) => `${name} ${format.number(count)}`).join(", ");
  return <p>{t(`playbooks.rehearsed.${of}`, { told })}</p>;
}

/** Those worth most, each with what would have been said. */
function Shown({ told, unit }: PartProps) {
  const { t, format } = useTexts();
  const [all, setAll] = useState(false);
  const some = all ? told.shown : told.shown.slice(0, FIRST_SHOWN);
  return (
    <>
      <h4 className={classes.small}>{t("playbooks.rehearsed.shown")}</h4>
      <ol className={classes.shown}>
        {some.map((one) => (
          <li key={`${one.subject} ${one.cutoff}`}>
            <div className={classes.shownHead}>
              <RefLink to={one.subject} />
              <VerbBadge verb={one.verb} />
              <Came answer={one.answer} />
              <span className="soft num">
                {format.day(one.cutoff)}
                {one.probability !== null && ` · ${format.share(one.probability)}`}
              </span>
              <strong>
                <Money value={one.value} unit={unit} />
              </strong>
            </div>
            <p>
              <Foreign>{one.text}</Foreign>
            </p>
            <p className="soft">
              <Foreign>{one.because}</Foreign>
            </p>
          </li>
        ))}
      </ol>
      {some.length < told.shown.length && (
        <Button size="compact-sm" variant="subtle" color="gray" mt={8} onClick={() => setAll(true)}>
          {t("more.load")}
        </Button>
      )}
    </>
  );
}

function Came({ answer }: { answer: number | null }) {
  const { t } = useTexts();
  if (answer === null) return <Badge>{t("playbooks.rehearsed.open")}</Badge>;
  return answer > 0 ? (
    <Badge tone="accent">{t("playbooks.rehearsed.yes")}</Badge>
  ) : (
    <Badge>{t("playbooks.rehearsed.no")}</Badge>
  );
}
