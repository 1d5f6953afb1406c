import createClient, { type Middleware } from "openapi-fetch";
import { Problem, problemOf, UNREACHABLE } from "./problem.ts";
import type { paths } from "./schema.ts";
import { workspace } from "./workspace.ts";

const house: Middleware = {
  onRequest({ request }) {
    const name = workspace();
    if (name !== null) request.headers.set("Sightline-Workspace", name);
    return request;
  },
  async onResponse({ response }) {
    if (response.ok) return undefined;
    throw problemOf(response.status, await response.json().catch(() => null));
  },
  onError({ error }) {
    if (error instanceof Problem || (error instanceof DOMException && error.name === "AbortError"))
      return undefined;
    return new Problem(0, UNREACHABLE, error instanceof Error ? error.message : String(error));
  },
};

/** The typed client of the interface: same origin, signed in by cookie, every refusal thrown as a Problem. */
export const api = createClient<paths>({ baseUrl: window.location.origin, credentials: "same-origin" });
api.use(house);

/** The body of an answer. */
export async function body<T>(call: Promise<{ data?: T }>): Promise<NonNullable<T>> {
  const { data } = await call;
  if (data === undefined || data === null) throw problemOf(200, null);
  return data;
}
