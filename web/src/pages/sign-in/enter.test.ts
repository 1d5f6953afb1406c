import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../../api/problem.ts";
import type { Credentials, Me } from "../../api/shapes.ts";
import { begunIn, workspace } from "../../api/workspace.ts";
import { enter } from "./enter.ts";

const KEPT = "sightline.workspace";
const BY_PASSWORD = { name: "vera", password: "a long one" };

/** Storage as a browser has it, with something in it. */
function storage(kept: Record<string, string>): Pick<Storage, "getItem" | "setItem" | "removeItem"> {
  const all = new Map(Object.entries(kept));
  return {
    getItem: (key) => all.get(key) ?? null,
    setItem: (key, value) => void all.set(key, value),
    removeItem: (key) => void all.delete(key),
  };
}

/** A browser that usually looks at one workspace (null: the server's own), in a tab that a link led to another. */
function browser(usual: string | null, named: string | null) {
  vi.stubGlobal("localStorage", storage(usual === null ? {} : { [KEPT]: usual }));
  vi.stubGlobal("sessionStorage", storage(named === null ? {} : { [KEPT]: named }));
}

/** Where each attempt looked for somebody who is known in none of them but perhaps in one. */
async function attempts(credentials: Credentials, knownIn?: string | null, status = 401) {
  const tried: (string | null)[] = [];
  const sign = async () => {
    tried.push(workspace());
    if (workspace() !== knownIn) throw new Problem(status, "refused", "This does not let you in.");
    return "in";
  };
  const found = await enter(credentials, sign).catch(() => "refused");
  return [found, ...tried];
}

/** What signing in answers. */
function answered(at: string, ...open: string[]): Pick<Me, "workspace" | "workspaces"> {
  const told = { role: "viewer", now: "2015-01-01T00:00:00Z", clock: "running" } as const;
  return { workspace: at, workspaces: open.map((name) => ({ name, ...told })) };
}

afterEach(() => vi.unstubAllGlobals());

describe("signing in over a link", () => {
  it("looks for a user where the link leads, then in the usual workspace", async () => {
    browser("demo", "gone");
    expect(await attempts(BY_PASSWORD, "demo")).toEqual(["in", "gone", "demo"]);
    expect(await attempts(BY_PASSWORD)).toEqual(["refused", "gone", "demo"]);
    expect(workspace()).toBe("gone");
    browser(null, "gone");
    expect(await attempts(BY_PASSWORD, null)).toEqual(["in", "gone", null]);
  });
  it("counts a wrong attempt once where there is nobody else to look for", async () => {
    browser("demo", "gone");
    expect(await attempts({ code: "used" })).toEqual(["refused", "gone"]);
    expect(await attempts({ token: "wrong" })).toEqual(["refused", "gone"]);
    expect(await attempts(BY_PASSWORD, undefined, 429)).toEqual(["refused", "gone"]);
    for (const [usual, named] of [
      ["demo", "demo"],
      ["demo", null],
      [null, null],
    ] as const) {
      browser(usual, named);
      expect(await attempts(BY_PASSWORD)).toEqual(["refused", named ?? usual]);
    }
  });
  it("knows what the server's own is called from who signed in there before", async () => {
    browser(null, null);
    begunIn(answered("main", "main", "demo"));
    sessionStorage.setItem(KEPT, "main");
    expect(await attempts(BY_PASSWORD)).toEqual(["refused", "main"]);
    sessionStorage.setItem(KEPT, "demo");
    expect(await attempts(BY_PASSWORD)).toEqual(["refused", "demo", null]);
  });
});

describe("what was signed in to", () => {
  beforeEach(() => browser("main", "demo"));
  it("is the workspace that a link named", () => {
    expect(begunIn(answered("demo", "main", "demo"))).toBe(true);
    expect(workspace()).toBe("demo");
  });
  it("is that one too where signing in began elsewhere and it is open", () => {
    expect(begunIn(answered("main", "main", "demo"))).toBe(false);
    expect(workspace()).toBe("demo");
  });
  it("is the usual one where that is not open", () => {
    expect(begunIn(answered("main", "main"))).toBe(true);
    expect(workspace()).toBe("main");
  });
  it("is asked again where it was found in another than the usual one", () => {
    expect(begunIn(answered("third", "main", "third"))).toBe(false);
    expect(workspace()).toBe("main");
    browser(null, "demo");
    expect(begunIn(answered("third", "main", "third"))).toBe(false);
    expect(workspace()).toBeNull();
  });
});
