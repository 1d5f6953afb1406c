import type { QueryClient } from "@tanstack/react-query";
import { wait } from "./backoff.ts";
import { Gathering } from "./gather.ts";
import { apply, type News } from "./news.ts";
import { me } from "./queries.ts";
import { reached } from "./reached.ts";
import { reread } from "./reread.ts";
import type { Job } from "./shapes.ts";
import { Store } from "./store.ts";
import { workspace } from "./workspace.ts";

/** So long a tab that nobody looks at keeps its connection. A browser gives a host six, for all of its tabs. */
const UNSEEN = 2_000;

const isHidden = (): boolean => document.visibilityState === "hidden";

export type Link = { state: "connecting" | "live" | "lost"; since: number };

/**
 * The one connection of this tab to `/v1/stream`: says what changed, and resumes where it was cut. A tab that nobody
 * looks at gives it up, and goes on from where it was as soon as somebody does.
 */
export class Live {
  readonly link = new Store<Link>({ state: "connecting", since: Date.now() });
  readonly #queries: QueryClient;
  readonly #gathering: Gathering;
  #source: EventSource | null = null;
  #position: string | null = null;
  #attempt = 0;
  #timer = 0;
  #unseen = 0;
  #wanted = false;

  constructor(queries: QueryClient) {
    this.#queries = queries;
    this.#gathering = new Gathering((news) => apply(queries, news));
  }

  open(): void {
    this.#wanted = true;
    document.addEventListener("visibilitychange", this.#seen);
    this.#connect();
  }

  close(): void {
    this.#wanted = false;
    document.removeEventListener("visibilitychange", this.#seen);
    window.clearTimeout(this.#unseen);
    this.#cut();
  }

  /** Another workspace has other positions: nothing is carried over. */
  restart(): void {
    this.#position = null;
    this.#gathering.drop();
    this.#connect();
  }

  #connect(): void {
    this.#cut();
    if (!this.#wanted || isHidden()) return;
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

  #cut(): void {
    window.clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
  }

  readonly #seen = (): void => {
    window.clearTimeout(this.#unseen);
    if (isHidden()) this.#unseen = window.setTimeout(() => this.#rest(), UNSEEN);
    else if (this.#source === null) this.#connect();
  };

  /** Not lost, since nobody looks: what is shown grows old only from here on. */
  #rest(): void {
    this.#cut();
    this.#attempt = 0;
    this.#become("connecting");
  }

  /** What was read before there was a position may be older than it; of jobs nothing is told behind a position. */
  #hello(event: MessageEvent<string>): void {
    const { position } = JSON.parse(event.data) as { position: number };
    if (this.#position === null) reread(this.#queries);
    else for (const area of ["job", "jobs"]) reread(this.#queries, { queryKey: [area] });
    this.#position ??= String(position);
    this.#attempt = 0;
    this.#become("live");
    reached.set(reached.get() + 1);
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
    this.#connect();
  }

  #failed(source: EventSource): void {
    source.close();
    if (source !== this.#source) return;
    this.#source = null;
    this.#become("lost");
    this.#later();
  }

  #later(): void {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#again(), wait(this.#attempt, Math.random()));
    this.#attempt += 1;
  }

  /** An EventSource does not tell why it failed; asking who we are does, and leads to signing in when needed. */
  async #again(): Promise<void> {
    await this.#queries.invalidateQueries({ queryKey: me.queryKey });
    if (!this.#wanted || isHidden() || this.#source !== null) return;
    if (this.#queries.getQueryState(me.queryKey)?.status !== "error") this.#connect();
    else this.#later();
  }

  /** How long a state lasts; what is not live stays so since it stopped being it. */
  #become(state: Link["state"]): void {
    const { state: before, since } = this.link.get();
    if (before === state) return;
    const changed = before === "live" || state === "live";
    this.link.set({ state, since: changed ? Date.now() : since });
  }
}
