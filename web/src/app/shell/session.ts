import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { api } from "../../api/client.ts";
import { setWorkspace } from "../../api/workspace.ts";
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
