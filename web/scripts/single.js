// Puts the page of vite.file.config.ts, its script and its styles into one file: proof.html beside the app. It allows
// itself that one script and no address at all, so that whoever opens it knows that nothing leaves their machine.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { OUT } from "./out.js";

const FROM = fileURLToPath(new URL("../node_modules/.proof/", import.meta.url));
const LINK = /<link rel="stylesheet"[^>]* href="\/([^"]+)">/;
const SCRIPT = /<script type="module"[^>]* src="\/([^"]+)"><\/script>/;

let page = readFileSync(join(FROM, "proof.html"), "utf8");

/** The file that a tag names, and the page without the tag. */
function take(tag) {
  const found = tag.exec(page);
  if (!found) throw new Error(`The built proof.html has no ${tag}.`);
  page = page.replace(found[0], "");
  return readFileSync(join(FROM, found[1]), "utf8");
}

const style = take(LINK).replaceAll("</style", "<\\/style");
const script = take(SCRIPT).replaceAll("</script", "<\\/script");
const hash = createHash("sha256").update(script).digest("base64");
const policy = `default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; img-src data:; font-src data:`;

// Functions, so that a $ in what is put in stays one.
page = page
  .replace("<head>", () => `<head>\n    <meta http-equiv="Content-Security-Policy" content="${policy}">`)
  .replace("</head>", () => `<style>${style}</style></head>`)
  .replace("</body>", () => `<script type="module">${script}</script></body>`);
writeFileSync(join(OUT, "proof.html"), page);
console.log(`A proof as one file: ${(page.length / 1000).toFixed(0)} kB.`);
