import { fileURLToPath } from "node:url";

/** Where the built app goes: inside the Python package, so that wheels carry it. */
export const OUT = fileURLToPath(new URL("../../src/sightline/interfaces/rest/web/", import.meta.url));
