import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { api, body } from "../api/client.ts";
import type { Job } from "../api/shapes.ts";
import { isOver, job } from "../api/work.ts";

/** What a finished job may have changed. */
const CHANGED = new Set([
  "imports", "quarantine", "jobs", "questions", "suggested", "catalog", "predictions", "checked", "population",
  "proof", "status", "findings", "entities", "entity",
]); // biome-ignore format: a list

/** A job, followed to its end; `over` hears of the end once. */
export function useJob(id: string, over?: (job: Job) => void) {
  const queries = useQueryClient();
  const followed = useQuery(job(id));
  const told = useRef<string | null>(null);
  const hear = useRef(over);
  hear.current = over;
  const state = followed.data;
  useEffect(() => {
    if (state === undefined || !isOver(state) || told.current === state.id) return;
    told.current = state.id;
    void queries.invalidateQueries({ predicate: ({ queryKey }) => CHANGED.has(String(queryKey[0])) });
    hear.current?.(state);
  }, [state, queries]);
  return followed;
}

export function useCancel(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => body(api.POST("/v1/jobs/{id}/cancel", { params: { path: { id } } })),
    onSuccess: (told) => queries.setQueryData(job(id).queryKey, told),
  });
}
