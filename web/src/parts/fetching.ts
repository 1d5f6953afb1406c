/*
 * Parts of the app are fetched when they are first shown. That fails without a server, and after an upgrade: the files
 * of the newer build have other names.
 */

const WORDS =
  /dynamically imported module|importing a module script failed|unable to preload css|failed to fetch/i;

/** Whether an error says that a file of the app did not arrive, in the words of Chromium, Firefox, Safari or Vite. */
export function isUnfetched(error: unknown): boolean {
  return error instanceof Error && WORDS.test(error.message);
}

/** Fetch the style sheets again that did not arrive: Vite asks for each of them once only. */
export async function mendStyles(): Promise<void> {
  const broken = [...document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')].filter(
    (link) => link.sheet === null,
  );
  await Promise.all(broken.map(again));
}

function again(link: HTMLLinkElement): Promise<void> {
  return new Promise((done, failed) => {
    const fresh = link.cloneNode() as HTMLLinkElement;
    fresh.addEventListener("load", () => done());
    fresh.addEventListener("error", () => failed(new Error(`Unable to preload CSS for ${link.href}`)));
    link.replaceWith(fresh);
  });
}

/** Whether the server answers at all. */
export async function answers(): Promise<boolean> {
  try {
    return (await fetch("/v1/health/live", { cache: "no-store" })).ok;
  } catch {
    return false;
  }
}

const KEPT = "sightline.reloaded";

/** Load the page anew, once for the same page of the same build: a file that is gone for good would never end it. */
export function renew(): void {
  const build = document.querySelector<HTMLScriptElement>("script[type=module]")?.src ?? "";
  const mark = `${build} ${window.location.pathname}`;
  if (sessionStorage.getItem(KEPT) === mark) return;
  sessionStorage.setItem(KEPT, mark);
  window.location.reload();
}
