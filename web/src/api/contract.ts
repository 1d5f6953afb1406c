import type { components, paths } from "./schema.ts";

/*
 * Routes that the app speaks and docs/openapi.json does not list yet, in the form openapi-typescript gives them.
 * When the document lists a route, its entry here is deleted and nothing else changes.
 */

type Answer<Body> = { headers: Record<string, unknown>; content: { "application/json": Body } };
type Empty = { headers: Record<string, unknown>; content?: never };
type None = Record<never, never>;
type Parameters<Query = None, Path = None> = {
  parameters: {
    query?: Query;
    header?: { "Sightline-Workspace"?: string; "Idempotency-Key"?: string };
    path: Path;
    cookie?: never;
  };
};
type Body<Content> = { requestBody: { content: { "application/json": Content } } };
type Get<Result, Query = None, Path = None> = {
  get: Parameters<Query, Path> & { requestBody?: never; responses: { 200: Answer<Result> } };
};

export type Clock = "running" | "standing";
export type Workspace = { name: string; role: string; now: string; clock: Clock };
export type Me = {
  name: string;
  sort: "user" | "key" | "owner";
  role: string;
  rights: string[];
  workspace: string;
  workspaces: Workspace[];
  has_password: boolean;
};
export type Credentials = { name: string; password: string } | { code: string } | { token: string };

export type Reason = components["schemas"]["Reason"];
export type Decision = components["schemas"]["Decision"];
export type Finding = components["schemas"]["Finding"];
export type Verb = "act" | "ask" | "hold" | "drop";
export type Rank = "money" | "probability" | "day";
export type Prediction = components["schemas"]["Prediction"] & {
  question: string;
  yes: string;
  no: string;
  aside: string | null;
};
export type Question = components["schemas"]["Question"] & {
  yes: string;
  no: string;
  worth_unit: string | null;
  decided: Partial<Record<Verb, number>>;
  money: { open_expected_loss: number | null };
};
/** Somebody who will be asked about later: the day, and the money at stake. */
export type Later = { subject: string; cutoff: string; worth?: number | null };
export type Population = {
  counts: Record<string, number | Record<string, number>>;
  later: Later[];
  overdue: { subject: string; deadline: string; worth?: number | null }[];
};
export type PredictionFilter = {
  question?: string;
  subject?: string;
  rank?: Rank;
  verb?: Verb | "none";
  q?: string;
  min_probability?: number;
  deadline_before?: string;
  all?: boolean;
  aside?: "false" | "true" | "any";
  after?: string;
  limit?: number;
};
export type Found = { ref: string; kind: string; key: string };
export type JobState = "waiting" | "running" | "done" | "failed" | "cancelled";
export type Job = {
  id: string;
  what: "import" | "undo" | "replay" | "train";
  about: string;
  state: JobState;
  done: number | null;
  of: number | null;
  note: string;
  result: Record<string, unknown> | null;
  problem: components["schemas"]["Problem"] | null;
  by: string;
  made_at: string;
  started_at: string | null;
  ended_at: string | null;
};

type Named = { name: string };

/** What stands in for, or beside, the paths of the document. */
export interface ContractPaths {
  "/v1/session": {
    post: Parameters & Body<Credentials> & { responses: { 201: Answer<Me> } };
    delete: Parameters & { requestBody?: never; responses: { 204: Empty } };
  };
  "/v1/me": Get<Me>;
  "/v1/me/password": {
    put: Parameters & Body<{ current?: string; new: string }> & { responses: { 204: Empty } };
  };
  "/v1/questions": Get<{ questions: Question[]; broken: components["schemas"]["Broken"][] }> &
    Pick<paths["/v1/questions"], "post">;
  "/v1/questions/{name}/population": Get<Population, None, Named>;
  "/v1/predictions": Get<{ predictions: Prediction[]; next: string | null }, PredictionFilter>;
  "/v1/search": Get<{ found: Found[] }, { q: string; kind?: string; limit?: number }>;
  "/v1/asides": {
    put: Parameters &
      Body<{ question: string; subject: string; cutoff: string }> & {
        responses: { 200: Answer<{ id: string }> };
      };
  };
  "/v1/asides/{id}": {
    delete: Parameters<None, { id: string }> & { requestBody?: never; responses: { 204: Empty } };
  };
}
