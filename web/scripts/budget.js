// Fails when the first page (Today: its scripts and styles, compressed) outgrows its budget.
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { OUT } from "./out.js";

const LIMIT = 350_000;
const FIRST = ["index.html", "src/pages/today/Today.tsx"];

const manifest = JSON.parse(readFileSync(join(OUT, "manifest.json"), "utf8"));

/** Everything a chunk needs before it can run. */
function files(name, found = new Set()) {
  const chunk = manifest[name];
  if (!chunk)
    throw new Error(`'${name}' is no entry of the build; known: ${Object.keys(manifest).join(", ")}`);
  if (found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const style of chunk.css ?? []) found.add(style);
  for (const other of chunk.imports ?? []) files(other, found);
  return found;
}

const all = new Set(FIRST.flatMap((name) => [...files(name)]));
const bytes = [...all].reduce((sum, file) => sum + statSync(join(OUT, `${file}.br`)).size, 0);
console.log(
  `First page: ${(bytes / 1000).toFixed(0)} kB compressed in ${all.size} files (limit ${LIMIT / 1000} kB).`,
);
if (bytes > LIMIT) process.exit(1);
