import { NativeSelect, SegmentedControl } from "@mantine/core";
import type { Question } from "../../api/shapes.ts";
import { useForeign } from "../../parts/Foreign.tsx";
import { Words } from "../../parts/Words.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import type { Change } from "./Forecasts.tsx";
import { type Filter, GROUPS, RANKS, VERBS } from "./filter.ts";
import classes from "./today.module.css";

type FilterBarProps = { filter: Filter; change: Change; questions: readonly Question[] };

/** What narrows, orders and groups the ranking; all of it stands in the address. */
export function FilterBar({ filter, change, questions }: FilterBarProps) {
  const { t, format } = useTexts();
  const foreign = useForeign();
  const set = (name: keyof Filter, usual: string) => (value: string) =>
    change({ [name]: value === usual ? undefined : value });
  const decided = (verb: (typeof VERBS)[number]) =>
    verb === "none" ? 0 : questions.reduce((sum, one) => sum + (one.decided[verb] ?? 0), 0);
  return (
    <div className={classes.filters}>
      <Words
        className={classes.words}
        label={t("today.filter")}
        value={filter.q ?? ""}
        change={set("q", "")}
      />
      {questions.length > 1 && (
        <NativeSelect
          size="sm"
          aria-label={t("today.question")}
          value={filter.question ?? ""}
          onChange={(event) => set("question", "")(event.currentTarget.value)}
        >
          <option value="">{t("today.question.all")}</option>
          {questions.map(({ name, asks }) => (
            <option key={name} value={name} lang={foreign(name)}>
              {asks}
            </option>
          ))}
        </NativeSelect>
      )}
      <NativeSelect
        size="sm"
        aria-label={t("today.decision")}
        value={filter.verb ?? ""}
        onChange={(event) => set("verb", "")(event.currentTarget.value)}
        data={[
          { value: "", label: t("today.decision.all") },
          ...VERBS.map((verb) => ({
            value: verb,
            label: decided(verb)
              ? `${t(`today.verb.${verb}`)} (${format.number(decided(verb))})`
              : t(`today.verb.${verb}`),
          })),
        ]}
      />
      <NativeSelect
        size="sm"
        className={classes.grouping ?? ""}
        aria-label={t("today.group")}
        value={filter.group ?? ""}
        onChange={(event) => set("group", "")(event.currentTarget.value)}
        data={[
          { value: "", label: t("today.group.none") },
          ...GROUPS.map((group) => ({ value: group, label: t(`today.group.${group}`) })),
        ]}
      />
      <div className={classes.rank}>
        <span className="soft">{t("today.rank")}</span>
        <SegmentedControl
          size="sm"
          aria-label={t("today.rank")}
          value={filter.rank ?? "money"}
          onChange={set("rank", "money")}
          data={RANKS.map((rank) => ({ value: rank, label: t(`today.rank.${rank}`) }))}
        />
      </div>
    </div>
  );
}
