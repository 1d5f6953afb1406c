import { Button, Checkbox, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, body } from "../../api/client.ts";
import type { ExperimentPlan, NewExperiment as Given, Playbook } from "../../api/shapes.ts";
import { Refused } from "../../parts/Refused.tsx";
import { useTexts } from "../../texts/Texts.tsx";
import { exactShare } from "./figures.ts";
import classes from "./playbooks.module.css";

/** The smallest change that is looked for, in points of a hundred, and weeks that parties are drawn, as they usually are. */
const USUAL_LEAST = 5;
const USUAL_WEEKS = 12;
/** What may not happen more often: that somebody wants to be contacted no more. */
const STOPPED = "sightline.contact.stopped";

/** Say what is to be compared, look what that takes, and begin. */
export function NewExperiment({ playbook, done }: { playbook: Playbook; done: () => void }) {
  const { t } = useTexts();
  const [name, setName] = useState("");
  const [least, setLeast] = useState(String(USUAL_LEAST));
  const [weeks, setWeeks] = useState(String(USUAL_WEEKS));
  const [guarded, setGuarded] = useState(true);
  const [arms, setArms] = useState<readonly string[]>(playbook.choices.map((one) => one.name));
  const starting = useStart(done);
  const given = (check: boolean): Given => ({
    playbook: playbook.name,
    name: name.trim(),
    arms: playbook.choices.map((one) => one.name).filter((one) => arms.includes(one)),
    least: Number(least) / 100,
    span: `${weeks} weeks`,
    check,
    ...(guarded ? { guards: [{ event: STOPPED }] } : {}),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!starting.isPending) starting.mutate(given(true));
  };
  const pick = (arm: string, on: boolean) =>
    setArms(on ? [...arms, arm] : arms.filter((other) => other !== arm));
  const planned = starting.data && starting.variables?.check ? starting.data.plan : undefined;
  return (
    <form onSubmit={submit} onChange={() => starting.reset()} className={classes.rehearsal}>
      <p className="soft">{t("experiment.new.text")}</p>
      <div className={classes.form}>
        <TextInput
          autoFocus
          required
          label={t("experiment.name")}
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          type="number"
          label={t("experiment.least")}
          min={0.1}
          max={90}
          step={0.1}
          required
          value={least}
          onChange={(event) => setLeast(event.currentTarget.value)}
        />
        <TextInput
          type="number"
          label={t("experiment.weeks")}
          min={1}
          max={500}
          step={1}
          required
          value={weeks}
          onChange={(event) => setWeeks(event.currentTarget.value)}
        />
      </div>
      <fieldset className={classes.arms}>
        <legend>{t("experiment.arms")}</legend>
        {playbook.choices.map((one) => (
          <Checkbox
            key={one.name}
            label={one.name}
            checked={arms.includes(one.name)}
            onChange={(event) => pick(one.name, event.currentTarget.checked)}
          />
        ))}
      </fieldset>
      <Checkbox
        label={t("experiment.guarded")}
        checked={guarded}
        onChange={(event) => setGuarded(event.currentTarget.checked)}
      />
      <Refused error={starting.error} />
      {planned && <Takes plan={planned} weeks={Number(weeks)} />}
      <div className="actions">
        <Button variant="default" onClick={done}>
          {t("cancel")}
        </Button>
        <Button
          type="submit"
          variant="default"
          loading={starting.isPending && starting.variables?.check === true}
        >
          {t("experiment.plan")}
        </Button>
        <Button
          disabled={planned === undefined}
          loading={starting.isPending && starting.variables?.check === false}
          onClick={() => starting.mutate(given(false))}
        >
          {t("experiment.begin")}
        </Button>
      </div>
    </form>
  );
}

/** What it takes, and whether it can be told in the time there is. */
export function Takes({ plan, weeks }: { plan: ExperimentPlan; weeks: number }) {
  const { t, format } = useTexts();
  if (plan.parties === null || plan.base === null)
    return <p role="status">{t("experiment.takes.unknown")}</p>;
  const long = plan.weeks !== null && plan.weeks > weeks;
  return (
    <p role="status">
      {t("experiment.takes", {
        least: exactShare(format, plan.least),
        base: exactShare(format, plan.base),
        parties: format.number(plan.parties),
      })}{" "}
      {plan.weeks !== null && t("experiment.takes.weeks", { count: plan.weeks })}{" "}
      {plan.rests_on === "answers" && t("experiment.takes.answers")}
      {long && <strong>{t("experiment.takes.long")}</strong>}
    </p>
  );
}

function useStart(done: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (given: Given) => body(api.POST("/v1/experiments", { body: given })),
    onSuccess: async (_begun, { check }) => {
      if (check) return;
      await queries.invalidateQueries({ queryKey: ["experiments"] });
      done();
    },
  });
}
