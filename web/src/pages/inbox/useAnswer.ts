import { useMutation, useQueryClient } from "@tanstack/react-query";
import { askedOne } from "../../api/asked.ts";
import { api, body } from "../../api/client.ts";
import type { Asked } from "../../api/shapes.ts";

/** What somebody does with what is asked. */
export type Act =
  | { what: "approve"; text: string | null }
  | { what: "reject"; why: string }
  | { what: "snooze"; until: string }
  | { what: "delegate"; to: string | null };

function send(id: string, act: Act): Promise<Asked> {
  const params = { path: { id } };
  switch (act.what) {
    case "approve":
      return body(api.POST("/v1/inbox/{id}/approve", { params, body: { text: act.text, why: "" } }));
    case "reject":
      return body(api.POST("/v1/inbox/{id}/reject", { params, body: { why: act.why } }));
    case "snooze":
      return body(api.POST("/v1/inbox/{id}/snooze", { params, body: { until: act.until } }));
    case "delegate":
      return body(api.POST("/v1/inbox/{id}/delegate", { params, body: { to: act.to } }));
  }
}

/** Answer one; `taken` hears of it once the server has taken it, for a refusal leaves everything as it was. */
export function useAnswer(id: string, taken: (act: Act, item: Asked) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (act: Act) => send(id, act),
    onSuccess: (item, act) => {
      queries.setQueryData(askedOne(id).queryKey, item);
      taken(act, item);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["inbox"] }),
  });
}

export type Several = { ids: string[]; yes: boolean; why: string };

/** One answer to several; what was not taken is in the answer, each with its reason. */
export function useAnswerAll() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (given: Several) => body(api.POST("/v1/inbox/answers", { body: given })),
    onSettled: () => queries.invalidateQueries({ queryKey: ["inbox"] }),
  });
}
