import { merged, type News } from "./news.ts";

/** News that arrives closer together is read once. */
export const GATHER = 400;
/** So long at most: where news never pauses, what is shown would otherwise never be read again. */
export const LONGEST = 2_000;

/** Collects news until there is a pause in it, or the first of it has waited long enough. */
export class Gathering {
  readonly #apply: (news: News) => void;
  #gathered: News | null = null;
  #since = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(apply: (news: News) => void) {
    this.#apply = apply;
  }

  add(news: News): void {
    if (this.#gathered === null) this.#since = Date.now();
    this.#gathered = merged(this.#gathered, news);
    clearTimeout(this.#timer);
    const left = this.#since + LONGEST - Date.now();
    this.#timer = setTimeout(() => this.#tell(), Math.max(0, Math.min(GATHER, left)));
  }

  /** Let go of what waits. */
  drop(): void {
    clearTimeout(this.#timer);
    this.#gathered = null;
  }

  #tell(): void {
    const news = this.#gathered;
    this.#gathered = null;
    if (news !== null) this.#apply(news);
  }
}
