import { Table } from "@mantine/core";
import type { ExperimentSegment, ForWhom as Told } from "../../api/shapes.ts";
import { Badge, type Tone } from "../../parts/values.tsx";
import { type Texts, useTexts } from "../../texts/Texts.tsx";
import { change } from "./figures.ts";
import classes from "./playbooks.module.css";

const TONES: Readonly<Record<ExperimentSegment["verdict"], Tone>> = {
  better: "good",
  worse: "bad",
  open: "plain",
};

/** For whom an arm works: plain parts of the parties, each with its interval, or that too little is known. */
export function ForWhom({ told }: { told: Told }) {
  const { t, format } = useTexts();
  const says = told.effect === null ? "little" : told.differs ? "differs" : "alike";
  return (
    <>
      <h3 className={classes.small}>{t("forwhom", { arm: told.arm })}</h3>
      <p>{t(`forwhom.${says}`)}</p>
      {told.segments.length > 0 && (
        <Table.ScrollContainer minWidth={0} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
          <Table aria-label={t("forwhom", { arm: told.arm })}>
            <Table.Tbody>
              {told.segments.map((one) => (
                <Table.Tr key={`${one.name} ${one.test} ${one.value}`}>
                  <Table.Td>{named(one, { t, format })}</Table.Td>
                  <Table.Td className="num">{t("forwhom.parties", { count: one.parties })}</Table.Td>
                  <Table.Td className="num">
                    {change(format, one.effect)}{" "}
                    <span className="soft">
                      {t("effect.between", { low: change(format, one.low), high: change(format, one.high) })}
                    </span>
                  </Table.Td>
                  <Table.Td>
                    <Badge tone={TONES[one.verdict]}>{t(`experiment.pair.${one.verdict}`)}</Badge>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </>
  );
}

/** A part of the parties in words: "worth above 1,200". */
export function named({ name, test, value }: ExperimentSegment, { t, format }: Pick<Texts, "t" | "format">) {
  if (test === "most expected") return t("forwhom.model");
  const said = typeof value === "number" ? format.number(value) : (value ?? "");
  const words = name.replaceAll("_", " ");
  if (test === "above") return t("forwhom.above", { name: words, value: said });
  return t(test === "up to" ? "forwhom.upto" : "forwhom.is", { name: words, value: said });
}
