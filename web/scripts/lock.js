// Completes package-lock.json with the optional packages of other platforms that a partial mirror does not serve:
// without their entries `npm ci` refuses the lock, on every platform. They are checked by version only.
import { readFileSync, writeFileSync } from "node:fs";

const LOCK = new URL("../package-lock.json", import.meta.url);
const lock = JSON.parse(readFileSync(LOCK, "utf8"));
const missing = Object.entries(lock.packages).flatMap(([owner, { dev, optionalDependencies = {} }]) =>
  Object.entries(optionalDependencies)
    .filter(
      ([name]) => !lock.packages[`node_modules/${name}`] && !lock.packages[`${owner}/node_modules/${name}`],
    )
    .map(([name, version]) => [`node_modules/${name}`, { version, dev, optional: true, ...platform(name) }]),
);

/** The platform in a package's name, such as cli-darwin-arm64: npm skips what is for another one. */
function platform(name) {
  const [, os, cpu, libc] = /-(android|darwin|linux|win32)-(arm64|x64)(?:-(musl))?$/.exec(name) ?? [];
  if (!os) throw new Error(`${name} is missing from the lock, and its name tells no platform.`);
  return { os: [os], cpu: [cpu], ...(libc && { libc: [libc] }) };
}

const sorted = Object.entries({ ...lock.packages, ...Object.fromEntries(missing) }).sort(([a], [b]) =>
  a < b ? -1 : 1,
);
writeFileSync(LOCK, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`);
