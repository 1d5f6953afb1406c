import type { components, paths } from "./schema.ts";

/* The shapes of docs/openapi.json by their short names; whatever the app knows of them is said there. */

type Schemas = components["schemas"];

export type Credentials = paths["/v1/session"]["post"]["requestBody"]["content"]["application/json"];
export type Me = Schemas["Me"];
export type NewPassword = Schemas["NewPassword"];
export type Workspace = Schemas["Workspace"];

export type Question = Schemas["Question"];
export type Broken = Schemas["Broken"];
export type Prediction = Schemas["Prediction"];
export type Predictions = Schemas["Predictions"];
export type PredictionFilter = NonNullable<paths["/v1/predictions"]["get"]["parameters"]["query"]>;
export type Rank = Schemas["Rank"];
export type Stage = Schemas["Stage"];
export type Verb = Schemas["Verb"];
export type Decision = Schemas["Decision"];
export type Reason = Schemas["Reason"];
export type Waiting = Schemas["Waiting"];
export type Finding = Schemas["Finding"];

export type Chat = Schemas["Destination"];
export type Asks = Schemas["Asks"];
export type NewAsks =
  paths["/v1/destinations/{name}/asks"]["put"]["requestBody"]["content"]["application/json"];
export type ChatUser = Schemas["ChatUser"];
export type Route = Schemas["Route"];
export type NewRoute = paths["/v1/routes/{name}"]["put"]["requestBody"]["content"]["application/json"];
export type Hook = Schemas["Hook"];
export type Invariant = Schemas["Invariant"];
export type Decided = Schemas["Decided"];
export type Outcome = Schemas["Outcome"];
export type Asked = Schemas["Item"];
export type AskState = Asked["state"];
export type Answered = Schemas["Answered"];
export type Playbook = Schemas["Playbook"];
export type PlaybookEffect = Schemas["Changed"];
export type Effect = Schemas["Effect"];
export type ChoiceEffect = Schemas["ChoiceEffect"];
export type LearnedWhole = Schemas["Learned"];
export type Habit = Schemas["Habit"];
export type Adoption = Schemas["Adoption"];
export type Adopt = Pick<Schemas["AdoptExperiment"], "check" | "undo" | "anyway">;
export type Experiment = Schemas["Experiment"];
export type ExperimentWhole = Schemas["ExperimentWhole"];
export type ExperimentStand = Schemas["ExperimentStand"];
export type ExperimentPair = Schemas["ExperimentPair"];
export type ExperimentPlan = Schemas["ExperimentPlan"];
export type ExperimentSegment = Schemas["ExperimentSegment"];
export type ForWhom = Schemas["ForWhom"];
export type NewExperiment = paths["/v1/experiments"]["post"]["requestBody"]["content"]["application/json"];
export type Run = Schemas["Run"];
export type RunWhole = Schemas["RunWhole"];
export type RunChange = Schemas["ToRun"];
export type Stepped = Schemas["Stepped"];

export type ProofDocument = Schemas["Proof"];
export type Side = Schemas["Side"];
export type SideName = Side["side"];
export type Tail = Schemas["Tail"];
export type Money = Schemas["Caught"];
export type Caught = Schemas["CaughtAt"];
export type Fold = Schemas["Fold"];
export type Bin = Schemas["Bin"];
export type Leaks = Schemas["Leaks"];
export type Feature = Schemas["Feature"];
export type Segment = Schemas["Segment"];
export type LeftOut = Schemas["LeftOut"];
export type Rival = Schemas["Rival"];
export type Version = Schemas["Version"];
export type Watch = Schemas["Watch"];
export type Watched = Schemas["Watched"];
export type Alarm = Schemas["Alarm"];

export type Ask = Schemas["Ask"];
export type Checked = Schemas["Checked"];

export type Catalog = Schemas["Catalog"];
export type Kind = Schemas["DeclaredKind"];
export type Entity = Schemas["Entity"];
export type Thing = Schemas["Thing"];
export type Value = Thing["attributes"][string];
export type Occurrence = Schemas["Occurrence"];

export type Job = Schemas["Job"];
export type UploadedFile = Schemas["File"];
export type Proposal = Schemas["Proposal"];
export type Preview = Schemas["Preview"];
export type Batch = Schemas["Batch"];
export type Imports = Schemas["Imports"];
export type Held = Schemas["Held"];
export type HeldRow = Schemas["HeldRow"];
export type Quarantine = Schemas["Quarantine"];
