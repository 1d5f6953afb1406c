import { describe, expect, it } from "vitest";
import type { ProofDocument } from "../../api/shapes.ts";
import { Format } from "../../texts/format.ts";
import { extent } from "./charts/calibration.ts";
import { best, called, counted, partsOf, standing, whyOf } from "./document.ts";
import { exact, inHundred, points, signed } from "./numbers.ts";

const part = (more: object): ProofDocument =>
  ({
    verdict: "do_not_use",
    metrics: { auc: 0.7, auc_interval: [0.6, 0.8] },
    lift: {},
    model: { rung: "boosted trees" },
    sides: [{ side: "yes", called: "late" }],
    population: {},
    ...more,
  }) as unknown as ProofDocument;

describe("why a model is not used", () => {
  it("is told apart", () => {
    expect(whyOf(part({ verdict: "use_above" }))).toBe("good");
    expect(whyOf(part({ model: { rung: "prior" } }))).toBe("prior");
    expect(whyOf(part({ metrics: { auc: null } }))).toBe("same");
    expect(whyOf(part({ metrics: { auc: 0.52, auc_interval: [0.45, 0.6] } }))).toBe("guess");
    expect(whyOf(part({ lift: { log_loss_over_base_rate_interval: [-0.1, 0.2] } }))).toBe("guess");
    expect(whyOf(part({ lift: { log_loss_over_base_rate_interval: [0.1, 0.2] } }))).toBe("thin");
  });
});

describe("the version before", () => {
  const rival = (more: object) => ({ version: "9f86d081", words: "", better: false, worse: false, ...more });
  it("is compared with where enough was asked since", () => {
    expect(standing(rival({ interval: [0.01, 0.02], better: true }))).toBe("better");
    expect(standing(rival({ interval: [-0.02, -0.01], worse: true }))).toBe("worse");
    expect(standing(rival({ interval: [-0.01, 0.02] }))).toBe("even");
    expect(standing(rival({ interval: null }))).toBe("few");
    expect(standing(rival({}))).toBe("few");
  });
});

describe("a document", () => {
  it("calls its answers as people do", () => {
    expect(called(part({}), "yes")).toBe("late");
    expect(called(part({}), "no")).toBe("no");
  });
  it("counts who is asked before who is not", () => {
    const population = { excluded: { unborn_at_cutoff: 3 }, answered_and_without_trace: 1, open: 98 };
    expect(counted(part({ population })).map((one) => [one.name, one.excluded])).toEqual([
      ["open", false],
      ["unborn_at_cutoff", true],
      ["answered_and_without_trace", true],
    ]);
  });
  it("knows the line that came nearest", () => {
    const tail = (precision: number) => ({ line: 0.6, precision, bound: 0, coverage: 0, enough: true });
    expect(best([tail(0.4), tail(0.47), tail(0.41)])?.precision).toBe(0.47);
    expect(best([])).toBeNull();
  });
});

describe("the sections", () => {
  const rungs = { contest: { rungs: [{ rung: "prior" }] } };
  const always = ["assumed", "counts", "data"];
  it("are those there is something for", () => {
    expect(partsOf(part({ ...rungs, lines: {}, metrics: { auc: 0.7 } }))).toEqual(
      ["gain", "lines", "chance", "time", "wrong", "tried", "leaks"].concat(always),
    );
    expect(partsOf(part({ ...rungs, metrics: { mae: 3 } }))).toEqual(["time", "tried", "leaks", ...always]);
  });
  it("tell of quantities how their intervals hold, and where they do not", () => {
    const more = { metrics: { mae: 3 }, calibration: [{}], outside: [{}] };
    expect(partsOf(part(more)).slice(0, 3)).toEqual(["intervals", "time", "outside"]);
    expect(partsOf(part({ ...more, metrics: { auc: null, mae: null } }))).toEqual(always);
  });
  it("tell of the version before and of what is odd, measured or not", () => {
    const more = {
      metrics: { auc: null },
      champion: { version: "9f86d081" },
      notes: ["No answer is in yet."],
    };
    expect(partsOf(part(more))).toEqual(["champion", "notes", ...always]);
    expect(partsOf(part({ ...more, champion: null, notes: [] }))).toEqual(always);
  });
  it("are few where nothing could be measured", () => {
    expect(partsOf(part({ ...rungs, metrics: { auc: null } }))).toEqual(always);
    expect(partsOf(part({ ...rungs, metrics: { auc: null, mae: null } }))).toEqual(always);
  });
});

describe("figures", () => {
  const english = new Format("en-GB");
  it("are written in the manner of the locale", () => {
    expect(exact(english, 0.80192)).toBe("0.802");
    expect(exact(new Format("de-DE"), 0.95, 2)).toBe("0,95");
    expect(signed(english, 0.0213)).toBe("+0.021");
    expect(signed(english, -0.0061)).toBe("-0.006");
    expect(points(english, 0.0547)).toBe("5.5");
    expect(inHundred(0.8019)).toBe(80);
  });
});

describe("the calibration chart", () => {
  it("runs to the next tenth beyond its farthest dot", () => {
    const bin = (mean_probability: number, share_yes: number) => ({
      mean_probability,
      share_yes,
      subjects: 1,
    });
    expect(extent([bin(0.05, 0.55)])).toBe(0.6);
    expect(extent([bin(0.02, 0)])).toBe(0.1);
    expect(extent([bin(0.99, 1)])).toBe(1);
  });
});
