import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, body } from "../../api/client.ts";
import type { Adoption, ExperimentWhole, Adopt as Given } from "../../api/shapes.ts";
import { Confirm } from "../../parts/Confirm.tsx";
import { Foreign } from "../../parts/Foreign.tsx";
import { Refused } from "../../parts/Refused.tsx";
import { useTexts } from "../../texts/Texts.tsx";

/** Make the winner the usual choice, after a look at what that changes; or take it back. */
export function Adopt({ told }: { told: ExperimentWhole }) {
  const { t } = useTexts();
  const [asking, setAsking] = useState(false);
  const [change, setChange] = useState<Adoption | null>(null);
  const adopting = useAdopt(told.id);
  const { adopted, winner, playbook } = told;
  // What a guard measured stands beside the button that is pressed in spite of it.
  const anyway = Boolean(change?.against);
  const close = () => setAsking(false);
  const seen = (found: Adoption) => {
    setChange(found);
    setAsking(true);
  };
  if (adopted === null && winner === null) return null;
  return (
    <>
      <Refused error={adopting.error} />
      {adopted !== null && <p>{t("experiment.adopted", { arm: adopted, playbook })}</p>}
      <div className="actions">
        {winner !== null && adopted === null && (
          <Button
            loading={adopting.isPending && !asking}
            onClick={() => adopting.mutate({ check: true }, { onSuccess: seen })}
          >
            {t("experiment.adopt", { arm: winner })}
          </Button>
        )}
        {adopted !== null && (
          <Button
            variant="default"
            loading={adopting.isPending}
            onClick={() => adopting.mutate({ undo: true })}
          >
            {t("experiment.adopt.undo")}
          </Button>
        )}
      </div>
      <Confirm
        opened={asking}
        title={t("experiment.adopt.title", { arm: winner ?? "", playbook })}
        action={t(anyway ? "experiment.adopt.anyway" : "experiment.adopt", { arm: winner ?? "" })}
        harmful={anyway}
        busy={adopting.isPending}
        yes={() => adopting.mutate({ anyway }, { onSettled: close })}
        no={close}
      >
        {change && <Changes told={change} arm={winner ?? ""} />}
      </Confirm>
    </>
  );
}

function Changes({ told, arm }: { told: Adoption; arm: string }) {
  const { t, format } = useTexts();
  const { before, lately, otherwise, newest, against } = told;
  return (
    <>
      <p>{t("experiment.adopt.text")}</p>
      {before !== null && <p>{t("experiment.adopt.before", { before })}</p>}
      {lately > 0 && (
        <p>
          {t(newest ? "experiment.adopt.newest" : "experiment.adopt.lately", {
            lately: format.number(lately),
            otherwise: format.number(otherwise),
          })}
        </p>
      )}
      {against !== "" && (
        <p className="refused">
          {t("experiment.adopt.against", { arm })} <Foreign>{against}</Foreign>
        </p>
      )}
    </>
  );
}

function useAdopt(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (given: Partial<Given>) =>
      body(
        api.POST("/v1/experiments/{id}/adopt", {
          params: { path: { id } },
          body: { check: false, undo: false, anyway: false, ...given },
        }),
      ),
    onSuccess: async ({ done }) => {
      if (!done) return;
      await Promise.all([
        queries.invalidateQueries({ queryKey: ["experiments"] }),
        queries.invalidateQueries({ queryKey: ["playbooks"] }),
      ]);
    },
  });
}
