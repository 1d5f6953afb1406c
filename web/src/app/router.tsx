import { createRootRoute, createRoute, createRouter, Outlet } from "@tanstack/react-router";
import { readAskSearch } from "../pages/ask/search.ts";
import { readImportSearch } from "../pages/import/search.ts";
import { readInboxSearch } from "../pages/inbox/search.ts";
import { readKindSearch } from "../pages/kind/search.ts";
import { readPlaybooksSearch } from "../pages/playbooks/search.ts";
import { readAsOf } from "../pages/subject/asof.ts";
import { readFilter } from "../pages/today/filter.ts";
import { Crashed, Missing } from "../parts/Failed.tsx";
import { lazily } from "../parts/lazily.tsx";
import { text } from "./address.ts";
import { Shell } from "./shell/Shell.tsx";

function MissingPage() {
  return (
    <main>
      <Missing />
    </main>
  );
}

const root = createRootRoute({ component: Outlet, notFoundComponent: MissingPage, errorComponent: Crashed });

/** Everything but the sign-in page stands inside the shell. */
const shell = createRoute({ getParentRoute: () => root, id: "shell", component: Shell });

const today = createRoute({
  getParentRoute: () => shell,
  path: "/",
  validateSearch: readFilter,
  component: lazily(async () => (await import("../pages/today/Today.tsx")).Today),
});
const inbox = createRoute({
  getParentRoute: () => shell,
  path: "/inbox",
  validateSearch: readInboxSearch,
  component: lazily(async () => (await import("../pages/inbox/Inbox.tsx")).Inbox),
});
const subject = createRoute({
  getParentRoute: () => shell,
  path: "/subject/$",
  validateSearch: readAsOf,
  component: lazily(async () => (await import("../pages/subject/Subject.tsx")).Subject),
});
const kind = createRoute({
  getParentRoute: () => shell,
  path: "/kind/$kind",
  validateSearch: readKindSearch,
  component: lazily(async () => (await import("../pages/kind/KindList.tsx")).KindList),
});
const proof = createRoute({
  getParentRoute: () => shell,
  path: "/proof/$name",
  component: lazily(async () => (await import("../pages/proof/Proof.tsx")).Proof),
});
const playbooks = createRoute({
  getParentRoute: () => shell,
  path: "/playbooks",
  validateSearch: readPlaybooksSearch,
  component: lazily(async () => (await import("../pages/playbooks/Playbooks.tsx")).Playbooks),
});
const importing = createRoute({
  getParentRoute: () => shell,
  path: "/import",
  validateSearch: readImportSearch,
  component: lazily(async () => (await import("../pages/import/Import.tsx")).Import),
});
const ask = createRoute({
  getParentRoute: () => shell,
  path: "/ask",
  validateSearch: readAskSearch,
  component: lazily(async () => (await import("../pages/ask/Ask.tsx")).Ask),
});
const settings = createRoute({
  getParentRoute: () => shell,
  path: "/settings",
  component: lazily(async () => (await import("../pages/settings/Settings.tsx")).Settings),
});
const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search: Record<string, unknown>): { to?: string } => {
    const to = text(search.to);
    return to === undefined ? {} : { to };
  },
  component: lazily(async () => (await import("../pages/sign-in/SignIn.tsx")).SignIn),
});

function written(search: Record<string, unknown>): string {
  const told = Object.entries(search).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(told.map(([name, value]) => [name, String(value)])).toString();
  return text && `?${text}`;
}

export const router = createRouter({
  routeTree: root.addChildren([
    shell.addChildren([today, inbox, subject, kind, proof, playbooks, importing, ask, settings]),
    signIn,
  ]),
  defaultErrorComponent: Crashed,
  defaultNotFoundComponent: Missing,
  // Plain words in the address: ?q=4712, not ?q="4712".
  parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: written,
  defaultPreload: "intent",
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
