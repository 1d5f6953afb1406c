import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { isSignedOut, Problem } from "../api/problem.ts";
import { Store } from "../api/store.ts";
import { Live } from "../api/stream.ts";

/** Whether an answer said that nobody is signed in: the shell then leads to the sign-in page. */
export const signedOut = new Store(false);

const ATTEMPTS = 2;

/** Reads are tried again only where that can help: no answer, or a server that is not ready. */
export function worthRetrying(failures: number, error: unknown): boolean {
  return failures < ATTEMPTS && error instanceof Problem && (error.status === 0 || error.status === 503);
}

const noticed = (error: unknown) => {
  if (isSignedOut(error)) signedOut.set(true);
};

export const queries = new QueryClient({
  queryCache: new QueryCache({ onError: noticed }),
  mutationCache: new MutationCache({ onError: noticed }),
  defaultOptions: { queries: { staleTime: 10_000, retry: worthRetrying, refetchOnWindowFocus: false } },
});

export const live = new Live(queries);
