import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, body } from "../../api/client.ts";
import type { ExperimentWhole, Adopt as Given } from "../../api/shapes.ts";
import { Confirm } from "../../parts/Confirm.tsx";
import { Refused } from "../../parts/Refused.tsx";
import { useTexts } from "../../texts/Texts.tsx";

/** Make the winner the usual choice, after a look at what that changes; or take it back. */
export function Adopt({ told }: { told: ExperimentWhole }) {
  const { t, format } = useTexts();
  const [asking, setAsking] = useState(false);
  const adopting = useAdopt(told.id);
  const { adopted, winner, playbook } = told;
  const change = adopting.data;
  const close = () => setAsking(false);
  const look = () => adopting.mutate({ check: true, undo: false }, { onSuccess: () => setAsking(true) });
  if (adopted === null && winner === null) return null;
  return (
    <>
      <Refused error={adopting.error} />
      {adopted !== null && <p>{t("experiment.adopted", { arm: adopted, playbook })}</p>}
      <div className="actions">
        {winner !== null && adopted === null && (
          <Button loading={adopting.isPending && !asking} onClick={look}>
            {t("experiment.adopt", { arm: winner })}
          </Button>
        )}
        {adopted !== null && (
          <Button
            variant="default"
            loading={adopting.isPending}
            onClick={() => adopting.mutate({ check: false, undo: true })}
          >
            {t("experiment.adopt.undo")}
          </Button>
        )}
      </div>
      <Confirm
        opened={asking}
        title={t("experiment.adopt.title", { arm: winner ?? "", playbook })}
        action={t("experiment.adopt", { arm: winner ?? "" })}
        busy={adopting.isPending}
        yes={() => adopting.mutate({ check: false, undo: false }, { onSettled: close })}
        no={close}
      >
        <p>{t("experiment.adopt.text")}</p>
        {change && change.before !== null && <p>{t("experiment.adopt.before", { before: change.before })}</p>}
        {change && change.lately > 0 && (
          <p>
            {t("experiment.adopt.lately", {
              lately: format.number(change.lately),
              otherwise: format.number(change.otherwise),
            })}
          </p>
        )}
      </Confirm>
    </>
  );
}

function useAdopt(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (given: Given) =>
      body(
        api.POST("/v1/experiments/{id}/adopt", {
          params: { path: { id } },
          body: { anyway: false, ...given },
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
