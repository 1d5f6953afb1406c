import type { QueryClient } from "@tanstack/react-query";
import { wait } from "./backoff.ts";
import { Gathering } from "./gather.ts";
import { apply, type News } from "./news.ts";
import { me } from "./queries.ts";
import { reread } from "./reread.ts";
import type { Job } from "./shapes.ts";
import { Store } from "./store.ts";
import { workspace } from "./workspace.ts";

export type Link = { state: "connecting" | "live" | "lost"; since: number };

/** The one connection of this tab to `/v1/stream`: says what changed, and resumes where it was cut. */
export class Live {
  readonly link = new Store<Link>({ state: "connecting", since: Date.now() });
  readonly #queries: QueryClient;
  readonly #gathering: Gathering;
  #source: EventSource | null = null;
  #position: string | null = null;
  #attempt = 0;
  #timer = 0;

  constructor(queries: QueryClient) {
    this.#queries = queries;
    this.#gathering = new Gathering((news) => apply(queries, news));
  }

  open(): void {
    this.close();
    const asked = new URLSearchParams();
    const name = workspace();
    if (name !== null) asked.set("workspace", name);
    if (this.#position !== null) asked.set("after", this.#position);
    const source = new EventSource(`/v1/stream?${asked}`);
    this.#source = source;
    source.addEventListener("hello", (event) => this.#hello(event));
    source.addEventListener("news", (event) => this.#news(event));
    source.addEventListener("job", (event) => this.#job(event));
    source.addEventListener("reload", () => this.#reload());
    source.onerror = () => this.#failed(source);
  }

  close(): void {
    window.clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
  }

  /** Another workspace has other positions: nothing is carried over. */
  restart(): void {
    this.#position = null;
    this.#gathering.drop();
    this.open();
  }

  /** What was read before there was a position may be older than it; of jobs nothing is told behind a position. */
  #hello(event: MessageEvent<string>): void {
    const { position } = JSON.parse(event.data) as { position: number };
    if (this.#position === null) reread(this.#queries);
    else for (const area of ["job", "jobs"]) reread(this.#queries, { queryKey: [area] });
    this.#position ??= String(position);
    this.#attempt = 0;
    this.#become("live");
  }

  #news(event: MessageEvent<string>): void {
    const news = JSON.parse(event.data) as News;
    this.#position = event.lastEventId || String(news.position);
    this.#gathering.add(news);
  }

  #job(event: MessageEvent<string>): void {
    const job = JSON.parse(event.data) as Job;
    this.#queries.setQueryData(["job", job.id], job);
    void this.#queries.invalidateQueries({ queryKey: ["jobs"] });
  }

  /** Without a position, so that all is read again when it is known. */
  #reload(): void {
    this.#position = null;
    this.open();
  }

  #failed(source: EventSource): void {
    source.close();
    if (source !== this.#source) return;
    this.#become("lost");
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#again(), wait(this.#attempt, Math.random()));
    this.#attempt += 1;
  }

  /** An EventSource does not tell why it failed; asking who we are does, and leads to signing in when needed. */
  async #again(): Promise<void> {
    await this.#queries.invalidateQueries({ queryKey: me.queryKey });
    if (this.#queries.getQueryState(me.queryKey)?.status !== "error") this.open();
    else this.#timer = window.setTimeout(() => this.#again(), wait(this.#attempt++, Math.random()));
  }

  #become(state: Link["state"]): void {
    if (this.link.get().state !== state) this.link.set({ state, since: Date.now() });
  }
}
