import { notifications } from "@mantine/notifications";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { api } from "../../api/client.ts";
import { me } from "../../api/queries.ts";
import { useStore } from "../../api/store.ts";
import { setWorkspace, shut } from "../../api/workspace.ts";
import { useTexts } from "../../texts/Texts.tsx";
import { live, queries, signedOut } from "../services.ts";

/** Go to another workspace: nothing of the present one stays. */
export function useSwitching(): (name: string) => void {
  const go = useNavigate();
  return (name) => {
    setWorkspace(name);
    queries.clear();
    live.restart();
    void go({ to: "/", search: {} });
  };
}

/** Sign out, also when the session had ended already. */
export function useLeaving(): () => void {
  const ending = useMutation({
    mutationFn: () => api.DELETE("/v1/session"),
    onSettled: () => {
      setWorkspace(null);
      queries.clear();
      signedOut.set(true);
    },
  });
  return () => ending.mutate();
}

/** Where the workspace that a link named is not open: say so, and read anew what was asked for there. */
export function useTurnedBack(): void {
  const { t } = useTexts();
  const { data } = useQuery(me);
  const named = useStore(shut);
  const here = data?.workspace;
  useEffect(() => {
    if (named === null || here === undefined || here === named) return;
    shut.set(null);
    live.restart();
    void queries.resetQueries({ predicate: ({ queryKey }) => queryKey[0] !== me.queryKey[0] });
    notifications.show({
      id: "shut",
      message: t("workspace.shut", { named, here }),
      color: "red",
      closeButtonProps: { "aria-label": t("close") },
    });
  }, [named, here, t]);
}
