import { Store } from "./store.ts";

/** How often the live stream has begun: whatever failed for want of a server can try again when this counts on. */
export const reached = new Store(0);
