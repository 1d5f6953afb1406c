import { isSignedOut } from "../../api/problem.ts";
import type { Credentials } from "../../api/shapes.ts";
import { asUsual } from "../../api/workspace.ts";

/**
 * Users are looked for in the workspace that is named: where a link named one that does not know them, in the usual one
 * too. A code or a token is the same everywhere, and each attempt counts.
 */
export async function enter<T>(credentials: Credentials, sign: () => Promise<T>): Promise<T> {
  try {
    return await sign();
  } catch (error) {
    if (!("password" in credentials && isSignedOut(error))) throw error;
    const found = await asUsual(sign);
    if (found === null) throw error;
    return found;
  }
}
