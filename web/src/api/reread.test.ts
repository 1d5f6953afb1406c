import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { describe, expect, it, vi } from "vitest";
import { reread } from "./reread.ts";

/** A query that is shown, and whose readings are answered by hand. */
function shown(queries: QueryClient, key: string) {
  const answers: ((value: string) => void)[] = [];
  const queryFn = () => new Promise<string>((answer) => answers.push(answer));
  const observer = new QueryObserver(queries, { queryKey: [key], queryFn, staleTime: 60_000 });
  return { answers, observer, stop: observer.subscribe(() => undefined) };
}

const readings = (answers: readonly unknown[], count: number) =>
  vi.waitFor(() => expect(answers.length).toBe(count));

describe("reading again", () => {
  it("reads what is known again, and nothing else", async () => {
    const queries = new QueryClient();
    const [one, other] = [shown(queries, "one"), shown(queries, "other")];
    one.answers[0]?.("old");
    other.answers[0]?.("kept");
    await vi.waitFor(() => expect(one.observer.getCurrentResult().data).toBe("old"));
    reread(queries, { queryKey: ["one"] });
    await readings(one.answers, 2);
    expect(other.answers.length).toBe(1);
    one.stop();
    other.stop();
  });
  it("shows the first answer, and reads once more when it was on its way", async () => {
    const queries = new QueryClient();
    const { answers, observer, stop } = shown(queries, "one");
    reread(queries);
    expect(answers.length).toBe(1);
    answers[0]?.("old");
    await readings(answers, 2);
    expect(observer.getCurrentResult().data).toBe("old");
    answers[1]?.("new");
    await vi.waitFor(() => expect(observer.getCurrentResult().data).toBe("new"));
    stop();
  });
});
