import { notifications } from "@mantine/notifications";
import { type InfiniteData, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, body } from "../../api/client.ts";
import type { Prediction, Predictions } from "../../api/shapes.ts";
import { explain } from "../../parts/Failed.tsx";
import { useUndo } from "../../parts/undo.tsx";
import { useTexts } from "../../texts/Texts.tsx";

/** What tells one prediction from every other. */
export const idOf = ({ question, subject, cutoff }: Prediction): string => `${question} ${subject} ${cutoff}`;

/** Lists without these rows: they leave at once, before the server has answered. */
export function without(data: InfiniteData<Predictions> | undefined, gone: ReadonlySet<string>) {
  return (
    data && {
      ...data,
      pages: data.pages.map((page) => ({ ...page, predictions: kept(page.predictions, gone) })),
    }
  );
}

const kept = (rows: Prediction[], gone: ReadonlySet<string>) => rows.filter((row) => !gone.has(idOf(row)));

const put = async ({ question, subject, cutoff }: Prediction) =>
  (await body(api.PUT("/v1/asides", { body: { question, subject, cutoff } }))).id;

const take = (id: string) => api.DELETE("/v1/asides/{id}", { params: { path: { id } } });

/** Set predictions aside, with the way back; and take them up again. */
export function useAsides() {
  const { t } = useTexts();
  const queries = useQueryClient();
  const offer = useUndo();
  const reread = () => queries.invalidateQueries({ queryKey: ["predictions"] });
  const failed = (error: unknown) => {
    notifications.show({ message: t("today.aside.failed", { why: explain(error, t).detail }), color: "red" });
  };
  const leave = (rows: readonly Prediction[]) => {
    const gone = new Set(rows.map(idOf));
    queries.setQueriesData<InfiniteData<Predictions>>({ queryKey: ["predictions"] }, (data) =>
      without(data, gone),
    );
  };
  const setting = useMutation({
    mutationFn: (rows: readonly Prediction[]) => Promise.all(rows.map(put)),
    onMutate: leave,
    onSuccess: (ids, rows) =>
      offer({
        message: t("today.aside.done", { count: rows.length, subject: rows[0]?.subject ?? "" }),
        undo: async () => {
          await Promise.all(ids.map(take));
          await reread();
        },
      }),
    onError: failed,
    onSettled: reread,
  });
  const taking = useMutation({
    mutationFn: (row: Prediction) => take(row.aside ?? ""),
    onMutate: (row) => leave([row]),
    onError: failed,
    onSettled: reread,
  });
  return { setAside: setting.mutate, takeUp: taking.mutate };
}
