"""The shapes of answers. Written by `make docs` from docs/openapi.json; edit that, not this file."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, SecretStr

from sightline_client.model import Model


class Admitted(Model):
    """A suspicious feature that was let in."""

    model_config = ConfigDict(
        extra="allow",
    )
    feature: str
    reason: str
    by: str
    at: datetime


class Adoption(Model):
    """What changes, or changed."""

    playbook: str
    choice: str | None
    """The usual choice from now on; null: the one with the most expected value."""
    before: str | None
    """What was adopted before."""
    lately: int
    """Decisions of the last 30 days by which something was done, or a person asked; the newest 10,000 at most."""
    newest: bool
    """Whether there may be more of them than the newest that were looked at."""
    otherwise: int
    """For how many of them the usual choice would have been another. What a lot drew counts by the usual choice."""
    done: bool
    """False: it was only looked."""
    against: str
    """What the guards that stopped it measured, in whole sentences: it is adopted only `anyway`. Else empty."""
    words: str
    """What changes, in a sentence or two."""


class Alarm(Model):
    """Something about a version that is beyond doubt not as it should be."""

    id: str
    question: str
    version: str
    what: str
    """
    `promise:yes` or `promise:no` (fewer were right beyond the line than promised), `calibration` (what came was not
    what had been said), `population` (who is asked, or what is known of them, is not as it was).
    """
    words: str
    advice: str
    since: datetime | None
    """From when on it seems to have been so."""
    raised_at: datetime
    lifted_at: datetime | None
    lifted_by: str | None
    why: str
    """The reason of whoever lifted it."""


class Alarms(Model):
    """Alarms about the models on duty, of all questions, the newest first."""

    alarms: list[Alarm]


class ArmSplit(Model):
    """Parties drawn into each arm, beside the declared shares."""

    counts: list[int]
    shares: list[float]
    broken: bool
    """They were not split as declared, beyond doubt: no figure is to be believed."""


class Asks(Model):
    """What people are asked by a destination."""

    playbooks: list[str]
    """What these ask; empty: all of them."""
    above: float | None
    """Only with at least so much money at stake."""
    by: str | None
    """The user as whom whoever follows a link answers; null: there are no such links."""


class Baseline(Model):
    """The same figures of a naive forecast or of a model of the subject's own attributes."""

    model_config = ConfigDict(
        extra="allow",
    )
    what: str | None = None
    auc: float | None = None
    mae: float | None = None
    rmse: float | None = None
    total_ratio: float | None = None


class Batch(Model):
    """One import."""

    id: str
    source: str
    file: str
    started_at: datetime
    finished_at: datetime | None
    undone_at: datetime | None
    rows: int
    events: int
    """New and changed facts."""
    repeated: int
    """Facts that were known already."""
    revised: int
    staged: int
    """Facts that become known later and wait for their day."""
    quarantined: int


class Beside(Model):
    """Another version that is asked about the same subjects."""

    version: str
    waits: bool
    """Whether it waits to be promoted; else it was on duty before, and is put back where it does better."""


class Between(Model):
    """An interval."""

    low: float
    high: float


class Bin(Model):
    """Subjects of like probability."""

    model_config = ConfigDict(
        extra="allow",
    )
    mean_probability: float
    share_yes: float
    subjects: int


class Broken(Model):
    """A question that what is declared does not fit any more."""

    name: str
    line: str
    reason: str


class ByCode(Model):
    """What stands behind `#code=` in a link; it lets in once, within 15 minutes."""

    code: SecretStr


class ByPassword(Model):
    """Name and password of a user."""

    name: str
    password: str


class ByToken(Model):
    """An access token."""

    token: SecretStr


class CaughtAt(Model):
    """Shares of the money lost that stand within a share of the subjects."""

    model_config = ConfigDict(
        extra="allow",
    )
    subjects: float
    by_expected_loss: float
    by_worth: float


class ChatUser(Model):
    """Somebody in Slack who is a user here."""

    id: str
    """Slack's own: U0123456789."""
    user: str
    made_at: datetime


class ChatUsers(Model):
    """All of a workspace, by their ids."""

    chat_users: list[ChatUser]


class Checked(Model):
    """What asking a line would come to; nothing was trained."""

    line: str
    """In its canonical form."""
    of: str
    asks: str
    name: str
    """What it would be called."""
    form: Literal["chance", "quantity"] | str
    """Whether the answers would be probabilities or quantities."""
    unit: str | None
    """What a quantity would be counted in."""
    eligible: int
    """Subjects that are asked, at whatever day."""
    examples: int
    """Of them, those whose answer counts by now."""
    yes: int
    """Of the examples, those answered yes."""
    open: int
    """Subjects that would be forecast now."""
    later: int
    """Subjects that will be asked on a day to come."""
    excluded: dict[str, int]
    """Why the others are not asked: reason to number of subjects."""
    enough: bool
    """Whether a model would be trained and could be judged."""
    words: str


class Choice(Model):
    """One thing a playbook may do."""

    model_config = ConfigDict(
        extra="allow",
    )
    name: str
    channel: str
    """The destination it goes to; of several the usual one."""
    channels: list[str]
    """Several that it may go to, each party by the one that is best for it; empty: `channel` alone."""
    cost: float
    saves: float
    """Share of the money at stake that it is assumed to save."""
    gains: float
    """Money it is assumed to bring, whatever is at stake."""


class CloudEvent(Model):
    """CloudEvents 1.0, structured mode. Other attributes are allowed and not kept."""

    specversion: Literal["1.0"] = "1.0"
    id: str
    """Unique within the source."""
    source: str
    """Where it comes from; not 'sightline'."""
    type: str
    """What happened; not under 'sightline.'."""
    subject: str
    """To what: kind/key."""
    time: datetime | None = None
    """When it happened; now when absent."""
    knownat: datetime | None = None
    """When the business could have known it; now when absent, never later."""
    revises: str | None = None
    """The id (same source) of the event it corrects."""
    cause: str | None = None
    """source#id of the event that led to it."""
    data: dict[str, Any] | None = None
    """Flat facts about the subject; references under 'links', role to kind/key."""


class Column(Model):
    """One column of a file, for the eye."""

    column: str
    role: str
    """What it is proposed to be: `key of line`, `link to country`, `number in USD`, `when line.sent happened`."""
    filled: float
    """Share of the rows that say something."""
    distinct: int
    examples: list[str]
    why: str


class Contact(Model):
    """One that is not to be contacted."""

    ref: str
    at: datetime
    """Since when."""
    by: str
    """Who said so; `itself`: the party, by a link in what it was sent."""


class Contacts(Model):
    """A page of those that are not to be contacted, the latest first."""

    next: str | None
    """Give it as `after` to get the page behind; null on the last one."""
    contacts: list[Contact]


class Decision(Model):
    """What a playbook made of a prediction."""

    model_config = ConfigDict(
        extra="allow",
    )
    verb: Literal["act", "ask", "hold", "drop"] | str
    because: str
    arm: str
    playbook: str


class Declared(Model):
    """A question as it is remembered; nothing was trained."""

    name: str
    line: str
    """In its canonical form."""
    of: str
    asks: str


class DeclaredAttribute(Model):
    """A property of a kind."""

    name: str
    label: str
    sort: str
    """`number`, `category`, `text`, `day`, `instant` or `flag`."""
    unit: str | None
    personal: bool


class DeclaredEvent(Model):
    """A sort of happening."""

    name: str
    label: str
    of: str
    """The kind it happens to."""


class DeclaredLink(Model):
    """A named arrow from things of a kind to others."""

    name: str
    label: str
    to: str
    """The kind pointed at."""


class Delivery(Model):
    """One action on its way to a destination."""

    id: str
    """What the other side knows it by (`webhook-id`); the same however often it is sent."""
    key: str
    """Its idempotency key: playbook, subject, and cutoff, finding or event; of a later step its name behind #."""
    destination: str
    receiver: str
    """Whom it is for."""
    subject: str
    text: str
    event: str | None
    """The type of the event that is told, whose body `text` is; null: something is said to `receiver`."""
    state: Literal["waiting", "sending", "held", "done", "dead"] | str
    made_at: datetime
    not_before: datetime
    """When it is tried next, while it waits."""
    attempts: int
    taken_over: int
    """How often a process ended while it was sending it: it may have arrived then, under the same id."""
    sent_again: int
    """How often somebody sent it again."""
    released_at: datetime | None
    """When somebody released it, where its destination asks for that."""
    released_by: str | None
    ended_at: datetime | None
    reference: str | None
    """What its channel calls it."""
    repeated: bool
    """Whether its channel had done it before under the same key."""
    problem: str
    """Why the last attempt failed, or why it waits."""
    hint: str


class Discarded(Model):
    """What was set aside."""

    discarded: int
    """How many of them waited."""


class EffectMoney(Model):
    """What acting brought so far, in the currency of the question's worth."""

    gained: float
    """After what it cost."""
    interval: Between
    """95 %, however often it is looked at."""
    cost: float


class EffectPoint(Model):
    """How an effect stood on a day."""

    at: datetime
    treated: int
    control: int
    difference: float | None
    sequence: Between | None


class Entry(Model):
    """Who did or saw what."""

    number: int
    """The later, the higher."""
    at: datetime
    """When it began."""
    who: str
    """Empty for whoever was not known; `workspace/name` for who is at home in another one."""
    sort: str
    """user, key, owner or nobody."""
    what: str
    """The operationId, or a command."""
    target: str
    """The path; persons in it as the ledger has them."""
    status: int | None
    """As it was answered; null: it has begun, and how it ended is not known (yet)."""
    times: int
    """Calls alike within a second; within a minute for recorded events and for those who were not known."""


class Evidence(Model):
    """How clear something was on a day."""

    at: datetime
    evidence: float


class ExperimentArm(Model):
    """One arm, as counted; who is kept back is in none."""

    name: str
    share: float
    parties: int
    """Drawn into it and decided about."""
    settled: int
    """Decisions with an outcome: several about one subject count each."""
    settled_parties: int
    rate: float | None
    """The share of success."""


class ExperimentGuard(Model):
    """A figure that may not get worse, as declared."""

    question: str | None
    event: str | None
    good: bool
    """Which answer to the question is the good one."""
    within_days: float
    """So long after the decision the event counts."""
    margin: float


class ExperimentPair(Model):
    """One arm beside the first."""

    arm: str
    difference: float | None
    interval: Between | None
    """Holds for all arms together with 95 %, however often it is looked at."""
    verdict: Literal["better", "worse", "open"] | str


class ExperimentPlan(Model):
    """What it takes to find the least change worth finding, with a power of 80 %, looked at daily."""

    model_config = ConfigDict(
        extra="allow",
    )
    parties: int | None
    """In all arms together; null where that cannot be told."""
    per_arm: dict[str, int]
    weeks: int | None
    """At the rate parties came so far."""
    base: float | None
    """The share of success so far."""
    least: float
    per_week: float | None
    rests_on: str
    """`decisions` of the playbook, `answers` to its question, or `nothing`."""


class ExperimentPoint(Model):
    """How an arm stood beside the first on a day."""

    at: datetime
    arm: str
    difference: float
    interval: Between


class ExperimentSegment(Model):
    """Some of the parties, and the effect on them."""

    name: str
    """What is known of them by name; `model`: those of whom most is expected."""
    test: str
    """`is`, `above`, `up to` or `most expected`."""
    value: str | float | None
    parties: int
    effect: float
    low: float
    high: float
    """95 % for all segments together, however often it is looked at."""
    verdict: Literal["better", "worse", "open"] | str


class Feature(Model):
    """A feature alone."""

    model_config = ConfigDict(
        extra="allow",
    )
    feature: str
    group: str
    by: Literal["value", "presence"] | str
    auc: float


class File(Model):
    """A file that waits to be imported."""

    id: str
    name: str
    bytes: int


class Finding(Model):
    """Something worth a look."""

    detector: str
    subject: str
    severity: str
    text: str
    evidence: Any
    at: datetime


class Findings(Model):
    """Standing findings, the most pressing first."""

    findings: list[Finding]


class Fold(Model):
    """One step of the back-test."""

    model_config = ConfigDict(
        extra="allow",
    )
    from_: Annotated[datetime, Field(alias="from")]
    until: datetime
    trained_on: int
    asked: int
    yes: int | None = None
    auc: float | None = None
    auc_attributes: float | None = None
    mae: float | None = None
    mae_attributes: float | None = None
    total_ratio: float | None = None
    coverage: float | None = None


class ForWhom(Model):
    """For whom an arm works."""

    arm: str
    words: str
    parties: int
    effect: float | None
    differs: bool
    segments: list[ExperimentSegment]


class Found(Model):
    """Something that goes by the text that was searched for."""

    ref: str
    kind: str
    key: str


class Guards(Model):
    """What is held to before anything is sent to a destination."""

    approve: bool
    """Whether somebody must release each (`POST /v1/deliveries/{id}/release`)."""
    per_day: int | None
    """At most so many to one party, a day."""
    quiet: str | None
    """Hours without any, such as 20:00-08:00, in the `time_zone` of whom it is for."""
    zone: str
    """Where days and quiet hours are told, of whom no `time_zone` is known."""
    consent: str | None
    """An attribute that must be true of whom it is for."""
    only: list[str]
    """Parties and addresses; nobody else is sent anything. Empty: everybody."""


class HabitPlace(Model):
    """How messages at one hour, or by one channel, fared."""

    name: str
    """An hour as `09:00`, on the clock of whoever it is for, or a destination."""
    seen: int
    """Messages with an outcome."""
    rate: float
    """The share of success, shrunk towards the rate over all."""
    low: float
    high: float
    """95 %, for all of them together."""


class Happened(Model):
    """An event that would be recorded."""

    type: str
    subject: str
    time: datetime
    """When it happened."""
    known_at: datetime
    """When the business could have known it."""
    data: dict[str, Any]


class Held(Model):
    """A row in quarantine."""

    number: int
    source: str
    batch: str | None
    line: int | None
    reason: str
    at: datetime
    replayed_at: datetime | None
    discarded_at: datetime | None


class HeldRow(Model):
    """A row in quarantine as it was read."""

    number: int
    source: str
    batch: str | None
    line: int | None
    reason: str
    at: datetime
    replayed_at: datetime | None
    discarded_at: datetime | None
    cells: dict[str, str] | None
    """By column; null where the row could not be split."""
    raw: str | None
    """Its text, where it could not be split."""


class Hint(Model):
    """What another choice of one attribute alone would do to what is said; not what it would cause."""

    model_config = ConfigDict(
        extra="allow",
    )
    attribute: str
    value: str | float | int | bool | None
    before: float
    after: float
    text: str


class HookOptions(Model):
    """How a sender signs; what its scheme leaves to be chosen (docs/hooks.md)."""

    signature_header: str
    """Where the signature stands, or the token."""
    timestamp_header: str
    """Where seconds since 1970 stand; empty: messages are not dated, or by another header."""
    id_header: str
    """Where the name of a message stands; empty: in the body, or nowhere."""
    id_field: str
    """Dotted path to its name in the body."""
    algorithm: str
    encoding: str
    prefix: str
    """What stands before the signature or the token."""
    layout: str
    """What is signed."""


class Imports(Model):
    """A page of imports, newest first."""

    next: str | None
    """Give it as `after` to get the page behind; null on the last one."""
    imports: list[Batch]


class Invariant(Model):
    """A sentence that must always be true, and whether it is."""

    name: str
    says: str
    broken: int
    """For how many it does not hold."""
    example: str
    """One of them."""
    checked_at: datetime
    broken_since: datetime | None
    """Since when, as the daily look saw it."""


class Invariants(Model):
    """What must always be true of a workspace, looked at just now."""

    invariants: list[Invariant]


class Key(Model):
    """An API key; its token is not kept."""

    name: str
    role: Literal["viewer", "operator", "owner"] | str
    scopes: list[Literal["read", "record", "operate", "administer"] | str] | None
    """Of these rights at most; null: all that the role has."""
    created_at: datetime
    expires_at: datetime | None
    seen_at: datetime | None
    """To the minute."""


class KeyMade(Model):
    """A new key."""

    key: Key
    token: SecretStr
    """Shown this once."""


class Keys(Model):
    """A page of keys, by name."""

    next: str | None
    """Give it as `after` to get the page behind; null on the last one."""
    keys: list[Key]


class LearnedValue(Model):
    """A mean per decision with its interval, in average successes."""

    model_config = ConfigDict(
        extra="allow",
    )
    value: float
    low: float
    high: float


class LeftOut(Model):
    """A suspicious feature, and what speaks against it."""

    model_config = ConfigDict(
        extra="allow",
    )
    feature: str
    evidence: str
    admitted: Any | None = None
    """By whom it was let in, and why; null where it was left out."""


class Lift(Model):
    """What the histories add to the baseline."""

    model_config = ConfigDict(
        extra="allow",
    )
    difference: float | None
    """In AUC; of a quantity in the mean absolute error, positive where it is smaller."""
    interval: list[float] | None
    over: str | None = None
    claimed: bool
    """Whether it is above zero beyond doubt."""
    log_loss_over_base_rate_interval: list[float] | None = None


class Live(Model):
    """The process runs."""

    status: str


class MadeHook(Model):
    """A hook and its secret, which is in this answer and nowhere else."""

    name: str
    source: str
    """What its events have as their source."""
    scheme: Literal["standard", "hmac", "stripe", "github", "token"] | str
    options: HookOptions
    address: str
    """Where to post: a whole URL where `http.public_url` is set, else its path."""
    mapped: bool
    """Whether a mapping reads its bodies; otherwise they are CloudEvents."""
    each: str
    """Path to the list in a body whose objects are the rows; empty: the body is the row."""
    made_at: datetime
    disabled_at: datetime | None
    """Since when it is switched off."""
    taken_at: datetime | None
    """When the last message that is remembered was taken."""
    refused_at: datetime | None
    """When one was refused, to the minute."""
    refused_why: str
    secret: SecretStr


class Metrics(Model):
    """Figures of the back-test; null where it could not be measured, or where the answer is of the other form."""

    model_config = ConfigDict(
        extra="allow",
    )
    auc: float | None = None
    auc_interval: list[float] | None = None
    average_precision: float | None = None
    brier: float | None = None
    log_loss: float | None = None
    calibration_error: float | None = None
    calibration_floor: float | None = None
    """What a perfect model would show."""
    mae: float | None = None
    """Of a quantity: the mean absolute error of its median, in its unit."""
    mae_interval: list[float] | None = None
    rmse: float | None = None
    """Root of the mean squared error of its mean."""
    coverage: float | None = None
    """Share of answers within their 90 % intervals."""
    coverage_promised: float | None = None
    """Share that should lie within them: 0.9."""
    width: float | None = None
    """From one end of an interval to the other, on average."""
    total_ratio: float | None = None
    """What was forecast in all, over what came."""
    concordance: float | None = None
    """How often the larger of two forecasts is of the larger answer."""


class Misfit(Model):
    """A row that would be set aside."""

    line: int
    reason: str


class Money(Model):
    """What is at stake."""

    open_expected_loss: float
    """Probability times money at stake, summed over the open predictions."""


class NewGuard(Model):
    """A figure that may not get worse: a question or an event."""

    question: str | None = None
    event: str | None = None
    good: Literal["yes", "no"] | str | None = None
    """Which answer to the question is the good one: needed with a question."""
    within: str | None = None
    """So long after the decision the event counts, such as `14 days`; 30 days where left out."""
    margin: float | None = None


class NewHookOptions(Model):
    """How a sender signs, where it is not as usual; each scheme leaves other things to be chosen (docs/hooks.md)."""

    signature_header: str | None = None
    timestamp_header: str | None = None
    id_header: str | None = None
    id_field: str | None = None
    algorithm: Literal["sha256", "sha512"] | str | None = None
    encoding: Literal["hex", "base64"] | str | None = None
    prefix: str | None = None
    layout: str | None = None
    """What is signed, of `{timestamp}`, `{id}` and `{body}`."""


class Occurrence(Model):
    """One line of a timeline."""

    position: int
    type: str
    time: datetime
    """When it happened."""
    known_at: datetime
    """When the business could have known it."""
    source: str
    id: str
    data: dict[str, Any]


class OnDuty(Model):
    """What is on duty now."""

    question: str
    version: str


class Outcome(Model):
    """What came of a decision, within the time that counts as its own."""

    state: Literal["open", "early", "settled"] | str
    """`open`: nothing is known yet; `early`: something is, and counts when the time is over; `settled`: it counts."""
    arm: Literal["treated", "control"] | str
    """`control`: kept back, for comparison."""
    success: bool | None
    """Whether it is what the playbook calls success; null: not known, or it calls nothing so."""
    answer: bool | float | None
    """To the question; of one that asks how much, within a window, what came in it; null: not known."""
    called: str
    """The answer, as people call it; empty where it is not known."""
    happened: bool | None
    """Whether what is waited for happened in time; null: not known, or not what the question asks."""
    happened_at: datetime | None
    decided_at: datetime
    within: str | None
    """The playbook's window, in words; null: the answer of its forecast is the outcome."""
    closes_at: datetime | None
    """Until when what happens counts; null: whenever the answer becomes known."""
    counts_at: datetime | None
    """When it counts: late records have had their time."""
    settled_at: datetime | None
    corrected_at: datetime | None
    """When a late record last changed what had counted."""
    words: str
    """In a sentence."""


class Outside(Model):
    """An answer far outside its interval."""

    model_config = ConfigDict(
        extra="allow",
    )
    subject: str
    cutoff: datetime
    quantity: float
    """The median of what was forecast, beside the ends of its interval."""
    low: float
    high: float
    came: float
    worth: float | None


class Playbook(Model):
    """What is done when something is forecast, found or happens."""

    name: str
    question: str
    wakes_on: str
    """A question, a detector, an event, or `every day`."""
    party: str
    """The link that leads to whoever is contacted."""
    choices: list[Choice]
    follow: list[str]
    """What comes after, step by step, in words."""
    capacity: int | None
    """At most so many a day."""
    priority: int
    asks_first: bool
    attribution: str | None
    """How long after a decision what happens counts as its outcome; null: the answer of its forecast does."""
    choose: str
    """How a choice is made: by `value`, or as was `learned`."""
    usual: str
    """The choice that was adopted from an experiment; empty: none was."""
    version: str
    """Of your own; empty where a pack declares it."""
    stopped: str
    """Why it does nothing any more; empty where it does."""
    decisions: dict[str, int]
    """What became of its proposals: verb to how many."""
    running: int
    """Runs that have not ended."""


class Playbooks(Model):
    """All playbooks of a workspace, by name."""

    playbooks: list[Playbook]
    text: str
    """Those of your own, as the file that declares them."""


class PlaybooksDeclared(Model):
    """What was declared."""

    versions: dict[str, int]
    """Name to version; where only looked, to the version that stands (0: none)."""


class Preview(Model):
    """What a mapping makes of the first rows; nothing is recorded."""

    mapping: dict[str, Any]
    """The TOML as JSON: tables are objects."""
    text: str
    """The same as TOML, with comments where it was proposed."""
    doubts: list[str]
    """What to look at before agreeing to a proposal."""
    rows: list[list[str]]
    """The first rows: a cell per column of the file, long ones cut."""
    events: list[Happened]
    """The first events."""
    misfits: list[Misfit]


class Problem(Model):
    """An error (RFC 9457)."""

    model_config = ConfigDict(
        extra="allow",
    )
    type: str
    title: str
    status: int
    detail: str
    """What is wrong, fit to be shown to a user."""
    code: str
    """Stable name of the error; see docs/errors.md."""
    hint: str | None = None
    """What to try next."""
    instance: str
    """The path that was asked for."""
    index: int | None = None
    """Of a request with several events: the place of the first wrong one, from 0. Nothing was recorded."""
    at: int | None = None
    """Of a line that cannot be read: where the word begins that does not fit, in characters from 0."""
    length: int | None = None
    """Characters of that word; 0 where the line ends too early."""
    allowed: list[str] | None = None
    """What might stand there."""


class Proposal(Model):
    """A mapping to begin with."""

    mapping: dict[str, Any]
    """The TOML as JSON: tables are objects."""
    text: str
    """The same as TOML, with comments where it was proposed."""
    doubts: list[str]
    """What to look at before agreeing to a proposal."""
    rows: list[list[str]]
    """The first rows: a cell per column of the file, long ones cut."""
    events: list[Happened]
    """The first events."""
    misfits: list[Misfit]
    columns: list[Column]
    """In the order of the cells in `rows`."""


class ProvedModel(Model):
    """The model on duty."""

    model_config = ConfigDict(
        extra="allow",
    )
    version: str
    rung: str
    """`prior`, `logistic`, `explainable`, `boosted`, `blend`, `survival`, `buy till you die` or `catboost`."""
    trained_on: int
    yes: int | None = None
    features: int
    boosters: int | None = None


class ProvedOn(Model):
    """The data it was proved on."""

    model_config = ConfigDict(
        extra="allow",
    )
    rows: int
    last_position: int
    as_of: datetime


class QuantityBin(Model):
    """Subjects of like forecast."""

    model_config = ConfigDict(
        extra="allow",
    )
    from_: Annotated[float | None, Field(alias="from")] = None
    """The smallest of their forecasts."""
    to: float | None = None
    """The largest."""
    mean_forecast: float
    mean_answer: float
    coverage: float
    """Share of their answers within the 90 % intervals."""
    subjects: int


class Quarantine(Model):
    """A page of rows that wait to be mended, oldest first."""

    next: str | None
    """Give it as `after` to get the page behind; null on the last one."""
    rows: list[Held]
    total: int
    """All that wait, of that source and batch."""


class Question(Model):
    """Something that can be asked, and how its model stands."""

    name: str
    asks: str
    of: str
    """The kind it is asked about."""
    line: str
    """The question in one line, as `sightline ask` takes it."""
    yes: str
    """How people call the answer yes."""
    no: str
    form: Literal["chance", "quantity"] | str
    """Whether the answers are probabilities or quantities."""
    unit: str | None
    """What a quantity is counted in: a currency (ISO 4217) or a unit."""
    worth_unit: str | None
    """Currency or unit of the money at stake."""
    verdict: str | None
    """`use`, `use_above`, `do_not_use`; `train_again`: none that fits its line can be read; null: never trained."""
    headline: str | None
    predictions: dict[str, int]
    """How many are open, awaited, and came out yes or no; `measured`: quantities that met their answer."""
    decided: dict[str, int]
    """Of the open ones: how many, by what was decided last (`none` where nothing was)."""
    money: Money


class Questions(Model):
    """All questions of a workspace."""

    questions: list[Question]
    broken: list[Broken]
    """Those that cannot be asked any more, and why."""


class Ready(Model):
    """Whether the process can serve."""

    status: str
    schema_version: str
    """Of the database."""
    loop_lag_seconds: float
    """How late the event loop last woke up."""


class Reason(Model):
    """One ground of a prediction, in words."""

    model_config = ConfigDict(
        extra="allow",
    )
    text: str
    contribution: float
    """Its share of the log-odds: positive speaks for yes."""


class Recorded(Model):
    """What became of the events of a request; all of it is on disk."""

    recorded: int
    repeated: int
    """Events that were known by source and id, and added nothing."""
    position: int | None
    """The recorded events stand at or before this position of the ledger."""


class Refused(Model):
    """One that was not taken."""

    id: str
    problem: str
    hint: str | None


class Rival(Model):
    """The model beside the one that was on duty, on those asked after all that one learned from."""

    model_config = ConfigDict(
        extra="allow",
    )
    version: str
    """Of the model that was on duty."""
    words: str
    as_of: datetime | None = None
    """What it learned from was known by then."""
    judged: int | None = None
    clusters: int | None = None
    """How many of the judged are independent of each other."""
    of: str | None = None
    """What is compared: `log-loss`, or of a quantity `absolute error of the median`."""
    difference: float | None = None
    """By how much that is smaller than that of the model on duty; null where too few were asked since."""
    interval: list[float] | None = None
    better: bool = False
    """Whether the difference is above zero beyond doubt."""
    worse: bool = False
    """Whether it is below zero beyond doubt."""


class Route(Model):
    """To whom goes what a playbook asks."""

    name: str
    playbook: str
    whom: str
    """Conditions on what it asks about, as playbooks have them; empty: everybody."""
    to: list[str]
    """Users who may decide about it; one of them is asked."""
    made_at: datetime
    """When it was made, or changed last."""
    by: str
    gone: list[str]
    """Those of its users who may not decide any more."""
    stopped: str
    """Why nothing goes by it; empty where something does."""


class Routes(Model):
    """All routes, in the order in which they are tried: the first whose conditions are met holds."""

    routes: list[Route]


class Run(Model):
    """What becomes of one thing that was decided to be done."""

    id: str
    key: str
    """Of the decision: the idempotency key of what is done first."""
    playbook: str
    version: str
    subject: str
    party: str
    question: str | None
    choice: str
    state: Literal["running", "paused", "stuck", "ended", "cancelled"] | str
    step: str | None
    """Where it stands."""
    attempt: int
    listens: list[str]
    """The events that end its wait at once."""
    due_at: datetime | None
    """When its wait ends."""
    began_at: datetime
    ended_at: datetime | None
    why: str
    """Why it ended, or cannot go on."""
    outcome: Outcome | None
    """What came of the decision; null where nothing tells any more."""


class Rung(Model):
    """A kind of model that was tried before the origin."""

    model_config = ConfigDict(
        extra="allow",
    )
    rung: str
    loss: float | None
    """Mean loss; the smaller the better."""
    worse: float | None = None
    """By how much it is worse than the best, and the standard error of that."""
    error: float | None = None
    within: bool = False
    """Whether that is within one standard error: the simplest such one is taken."""
    examples: int | None = None


class Runs(Model):
    """A page of runs, newest first."""

    next: str | None
    """Give it as `after` to get the page behind; null on the last one."""
    runs: list[Run]


class Schedule(Model):
    """When a question is trained again without being told to."""

    every_days: int | None
    on_drift: bool
    by: str
    at: datetime
    tried_at: datetime | None
    last_trained: datetime | None


class Secret(Model):
    """What a destination of webhooks knows that it is us by. It is in this answer and nowhere else."""

    name: str
    secret: SecretStr | None
    """`whsec_` and base64, as Standard Webhooks has it; null for mail and chats."""


class Segment(Model):
    """Subjects that share a value, and how well they are told apart."""

    model_config = ConfigDict(
        extra="allow",
    )
    value: str
    subjects: int
    share_yes: float | None = None
    auc: float | None = None
    calibration_error: float | None = None
    mean_answer: float | None = None
    mae: float | None = None
    total_ratio: float | None = None
    coverage: float | None = None


class Segments(Model):
    """All values of a category."""

    model_config = ConfigDict(
        extra="allow",
    )
    feature: str
    of: str
    values: list[Segment]


class SetAside(Model):
    """Something that was set aside."""

    id: str
    """For `DELETE /v1/asides/{id}`, which takes it up again."""


class Shift(Model):
    """How one feature moved, or what is said."""

    feature: str
    called: str
    how: str
    """Part of a sentence."""
    since: datetime
    evidence: float


class Side(Model):
    """One predicted side, and the line from which the promise holds on it, if any."""

    model_config = ConfigDict(
        extra="allow",
    )
    side: Literal["yes", "no"] | str
    called: str
    promise: float
    """Precision promised."""
    line: float | None
    """Probability of that side from which on it holds; null: it never acts by itself on it."""
    precision: float | None
    bound: float | None
    """Lower bound of the precision."""
    coverage: float
    """Share of the subjects beyond the line."""


class Split(Model):
    """What was learnt from and what was judged."""

    model_config = ConfigDict(
        extra="allow",
    )
    how: str
    origin: datetime
    until: datetime
    folds: int
    judged: int
    judged_yes: int | None = None
    clusters: int
    together: str | None
    """What makes subjects share one fate: a link."""


class Status(Model):
    """How a workspace stands."""

    model_config = ConfigDict(
        extra="allow",
    )
    workspace: str
    now: datetime
    clock: str
    """`running` with the world, or `standing` at a fixed moment."""
    events: int
    position: int
    lags: dict[str, int]
    """Consumer to how many positions it is behind."""
    staged: int
    next_known_at: datetime | None
    quarantined: int
    batches: list[dict[str, Any]]
    """The newest imports."""
    decisions: dict[str, int]


class Stepped(Model):
    """One thing a run did."""

    number: int
    step: str
    what: str
    at: datetime
    detail: str


class Suggested(Model):
    """Lines to start from."""

    lines: list[str]


class Supposed(Model):
    """What is said of a subject, in short."""

    cutoff: datetime
    deadline: datetime
    probability: float | None
    quantity: float | None
    mean: float | None
    low: float
    high: float
    reasons: list[Reason]


class SureAndWrong(Model):
    """A sure prediction that came out otherwise."""

    model_config = ConfigDict(
        extra="allow",
    )
    subject: str
    cutoff: datetime
    probability: float
    answer: str
    worth: float | None


class Tail(Model):
    """A line that was tried: what it would have kept, for which share of the subjects."""

    model_config = ConfigDict(
        extra="allow",
    )
    line: float
    precision: float
    bound: float
    coverage: float
    enough: bool
    """Whether there are clusters enough to prove the promise."""


class Tails(Model):
    """All lines that were tried, by side, the strictest first; nothing where nothing could be measured."""

    model_config = ConfigDict(
        extra="allow",
    )
    yes: list[Tail] | None = None
    no: list[Tail] | None = None


class Thing(Model):
    """A thing as it stands now, in a list."""

    ref: str
    exists_from: datetime
    attributes: dict[str, str | float | int | bool | None]
    links: dict[str, str]
    """Role to reference."""


class Things(Model):
    """A page of things of one kind, by key."""

    next: str | None
    """Give it as `after` to get the page behind; null on the last one."""
    entities: list[Thing]


class ToldAgain(Model):
    """What is told again, or would be."""

    events: int
    first: datetime | None
    """When the first of them was recorded."""
    last: datetime | None


class Trail(Model):
    """A page of the audit trail, newest first."""

    next: str | None
    """Give it as `after` to get the page behind; null on the last one."""
    entries: list[Entry]


class TriedHook(Model):
    """What would become of a body."""

    events: list[Happened]
    misfits: list[Misfit]
    """What would go to quarantine."""


class User(Model):
    """A person with a role in the workspace."""

    name: str
    role: Literal["viewer", "operator", "owner"] | str
    created_at: datetime
    seen_at: datetime | None
    """To the minute."""
    disabled: bool
    has_password: bool


class UserMade(Model):
    """A new user."""

    user: User
    code: SecretStr | None
    """For the link /sign-in#code=..., once, within 15 minutes; shown this once."""


class Users(Model):
    """A page of users, by name."""

    next: str | None
    """Give it as `after` to get the page behind; null on the last one."""
    users: list[User]


class Version(Model):
    """One version of a question's model."""

    version: str
    state: Literal["champion", "challenger", "retired"] | str
    """`champion` is on duty, `challenger` never was, `retired` was."""
    trained_at: datetime
    as_of: datetime
    """How far its facts reached."""
    on_duty_since: datetime | None
    """When it last went on duty; null where it never was."""
    took_over_from: str | None
    """The version that was on duty before it, to which rolling back leads."""
    why: Literal["asked", "schedule", "drift", "data"] | str
    """What it was trained for."""
    reason: str
    """What somebody wrote to it."""
    admitted: list[Admitted]
    verdict: str
    headline: str
    figures: dict[str, Any]
    """The single figures of its proof, such as `auc` or `mae`."""
    line: str
    """The question as it was then."""


class Versions(Model):
    """The versions of a question's model, the newest first."""

    question: str
    versions: list[Version]
    schedule: Schedule | None
    """Null: it is trained again only when somebody says so."""


class Waiting(Model):
    """A subject that is not forecast now."""

    subject: str
    cutoff: datetime
    """Of which day it is asked."""
    deadline: datetime
    worth: float | None
    """Money at stake."""


class Watched(Model):
    """One thing that is watched, so far."""

    what: str
    """As of an alarm, or `rival`: another version beside the one on duty."""
    answers: int
    clusters: int
    said: float | None
    """The mean of what was said or promised; of `rival` the error of the version on duty."""
    came: float | None
    """The mean of what came; of `rival` the error of the other version."""
    evidence: float
    """The strongest so far."""
    alarm: bool
    since: datetime | None
    path: list[Evidence]


class WhatIf(Model):
    """What would be said of a subject, were some of its attributes others. Nothing of it is kept."""

    question: str
    form: Literal["chance", "quantity"] | str
    unit: str | None
    subject: str
    changes: dict[str, str | float | int | bool | None]
    now: Supposed
    """As it is."""
    then: Supposed
    """As it would be."""
    hints: list[Hint]
    """Which other choices of what is declared actionable would change it most, each alone."""
    notes: list[str]
    """What of the changes does not reach the model: what it does not read, and the past of links that are others."""


class Workspace(Model):
    """A workspace the caller is let into."""

    name: str
    role: Literal["viewer", "operator", "owner"] | str
    now: datetime
    """The present moment there."""
    clock: Literal["running", "standing"] | str


class Caught(Model):
    """How much of the money lost stands at the top of the list, ranked in different ways."""

    model_config = ConfigDict(
        extra="allow",
    )
    top: float
    """Share of the subjects."""
    at_stake: float
    by_expected_loss: float
    by_worth: float
    at_random: float
    curve: list[CaughtAt] | None = None


class ChoiceEffect(Model):
    """Success among those who were treated less success among those kept back. Rates are shares of decisions."""

    choice: str | None
    """Of which choice alone; null: of all."""
    words: str
    """One sentence."""
    treated: int
    """Decisions with an outcome: several about one subject count each."""
    control: int
    treated_parties: int
    control_parties: int
    treated_rate: float | None
    control_rate: float | None
    difference: float | None
    """After what was expected beforehand is taken off; null, as the intervals, where there is too little."""
    sequence: Between | None
    """95 %, however often it is looked at: what is claimed rests on this one."""
    weeks: int | None
    """About so many more until something can be claimed, if things go on as so far."""
    money: EffectMoney | None


class Compared(Model):
    """Who was asked since the training, in windows, beside who was asked before."""

    clusters: int
    """In a window."""
    before: int
    """Windows of the training."""
    windows: list[Evidence]
    alarm: bool
    shifts: list[Shift]


class Contest(Model):
    """Which kinds of model were tried, and why one was taken."""

    model_config = ConfigDict(
        extra="allow",
    )
    chosen: str
    why: str
    rungs: list[Rung]
    """The simplest first."""
    untried: list[str] = []


class Decided(Model):
    """What was made of one proposal."""

    key: str
    """The idempotency key of what it leads to."""
    playbook: str
    version: str
    """Of a playbook of your own."""
    choice: str
    """What was to be done, in a word or two."""
    channel: str
    channel_propensity: float | None
    """The chance there was of this channel, where its choice goes by one of several."""
    subject: str
    party: str
    """Who would be contacted."""
    verb: Literal["act", "ask", "hold", "drop"] | str
    arm: Literal["treated", "control"] | str
    because: str
    value: float
    """Money it was expected to bring, its cost taken off."""
    worth: float | None
    """Money at stake."""
    question: str | None
    cutoff: datetime | None
    """Of the forecast it rests on; null: plain facts called for it."""
    probability: float | None
    experiment: str | None
    """Of which its choice was an arm."""
    at: datetime
    outcome: Outcome | None
    """Null where nothing was to come of it, or nothing tells any more."""


class Decisions(Model):
    """A page of decisions, newest first."""

    next: str | None
    """Give it as `after` to get the page behind; null on the last one."""
    decisions: list[Decided]


class DeclaredKind(Model):
    """A sort of thing."""

    name: str
    label: str
    person: bool
    """Whether each thing of it is a natural person: its key is then personal too."""
    attributes: list[DeclaredAttribute]
    links: list[DeclaredLink]


class Deliveries(Model):
    """A page of deliveries, newest first."""

    next: str | None
    """Give it as `after` to get the page behind; null on the last one."""
    deliveries: list[Delivery]


class Destination(Model):
    """Where actions go."""

    name: str
    channel: str
    address: str
    """Whole for whoever may change it; for others without path and user, which may hold a secret."""
    reveal: bool
    """Whether it is told what stands behind the tokens of persons."""
    guards: Guards
    """What is held to before anything is sent there."""
    events: list[str]
    """The events it is told of, as patterns of their types; none: nothing but what playbooks send there."""
    about: list[str]
    """Of subjects of these kinds; none: of all."""
    asks: Asks | None
    """What people are asked there; null: nothing."""
    callback: str | None
    """Of Slack, for whoever may change it: the address to be entered in the app as request URL of its interactivity."""
    made_at: datetime
    failing_since: datetime | None
    """Since when it took nothing; after 5 days it is switched off."""
    disabled_at: datetime | None
    """Since when nothing is sent there; what is for it waits."""
    disabled_why: str
    waiting: int
    held: int
    """Wait for somebody to release them."""
    dead: int


class Destinations(Model):
    """All destinations of a workspace, by name."""

    destinations: list[Destination]


class Effect(Model):
    """The effect of all choices together, and of each."""

    choice: str | None
    """Of which choice alone; null: of all."""
    words: str
    """One sentence."""
    treated: int
    """Decisions with an outcome: several about one subject count each."""
    control: int
    treated_parties: int
    control_parties: int
    treated_rate: float | None
    control_rate: float | None
    difference: float | None
    """After what was expected beforehand is taken off; null, as the intervals, where there is too little."""
    sequence: Between | None
    """95 %, however often it is looked at: what is claimed rests on this one."""
    weeks: int | None
    """About so many more until something can be claimed, if things go on as so far."""
    money: EffectMoney | None
    split: ArmSplit | None
    decided: int
    """Decisions, with an outcome or not."""
    due: datetime | None
    """When the first outcomes come in; null where some have, or that is not known."""
    choices: list[ChoiceEffect]
    """Each choice beside those kept back for whom it was meant, where there are several."""


class Entity(Model):
    """A thing as it was known at one moment."""

    ref: str
    as_of: datetime
    exists_from: datetime
    attributes: dict[str, str | float | int | bool | None]
    links: dict[str, str]
    """Role to reference."""
    linked_from: dict[str, int]
    """Kind to how many things of it point here."""
    labels: dict[str, str]
    """Attribute, or role of a link, to how people call it."""
    units: dict[str, str]
    """Attribute to its currency (ISO 4217) or unit."""
    first_known: datetime
    """From then on something was known of it."""
    last_known: datetime
    """Since then nothing new became known of it."""
    timeline: list[Occurrence]


class Experiment(Model):
    """Choices of a playbook drawn by lot, beside each other."""

    id: str
    playbook: str
    name: str
    arms: list[str]
    """The first is what the others are compared with."""
    shares: list[float]
    least: float
    why: str
    """What is expected of it."""
    guards: list[ExperimentGuard]
    state: Literal["running", "waiting", "ended"] | str
    """`waiting`: nobody is drawn any more, and outcomes are waited for."""
    began_at: datetime
    until: datetime
    """When nobody is drawn any more."""
    ended_at: datetime | None
    looked_at: datetime | None
    by: str
    verdict: Literal["decided", "guarded", "broken", "over", "stopped", "changed"] | str | None
    winner: str | None
    """The arm that is better beyond doubt, where one is."""
    said: str
    """Why it ended."""
    adopted: str | None
    """The arm that is the usual choice of its playbook now, where one is."""
    adopted_at: datetime | None
    adopted_by: str | None
    plan: ExperimentPlan | None


class ExperimentBegun(Model):
    """What was begun, and what it takes."""

    id: str | None
    """Null where only looked."""
    plan: ExperimentPlan
    words: str
    """What it takes, in one sentence."""


class ExperimentKept(Model):
    """How a guard stands."""

    name: str
    margin: float
    more_is_better: bool
    counted: int
    """Decisions after which it is known."""
    pairs: list[ExperimentPair]


class ExperimentStand(Model):
    """How an experiment stands."""

    words: str
    """One sentence."""
    arms: list[ExperimentArm]
    pairs: list[ExperimentPair]
    split: ArmSplit
    stopped: dict[str, list[str]]
    """By arm: the guards that it is worse by beyond doubt."""
    guards: list[ExperimentKept]
    unsettled: int
    """Decisions that have no outcome yet."""


class ExperimentWhole(Model):
    """An experiment with all that can be told of it now."""

    id: str
    playbook: str
    name: str
    arms: list[str]
    """The first is what the others are compared with."""
    shares: list[float]
    least: float
    why: str
    """What is expected of it."""
    guards: list[ExperimentGuard]
    state: Literal["running", "waiting", "ended"] | str
    """`waiting`: nobody is drawn any more, and outcomes are waited for."""
    began_at: datetime
    until: datetime
    """When nobody is drawn any more."""
    ended_at: datetime | None
    looked_at: datetime | None
    by: str
    verdict: Literal["decided", "guarded", "broken", "over", "stopped", "changed"] | str | None
    winner: str | None
    """The arm that is better beyond doubt, where one is."""
    said: str
    """Why it ended."""
    adopted: str | None
    """The arm that is the usual choice of its playbook now, where one is."""
    adopted_at: datetime | None
    adopted_by: str | None
    plan: ExperimentPlan | None
    stand: ExperimentStand | None
    """Null where its playbook calls no answer success any more."""
    path: list[ExperimentPoint]
    for_whom: list[ForWhom]


class Experiments(Model):
    """Experiments, newest first."""

    experiments: list[Experiment]


class Finds(Model):
    """What a search found, the likeliest first."""

    found: list[Found]


class Habit(Model):
    """What was learned about the hours, or the channels, by which parties are best spoken to."""

    words: str
    """One sentence."""
    choice: str | None
    """Of which choice the channels are; null: hours."""
    places: list[HabitPlace]
    """Empty where nothing was sent yet."""
    seen: int
    """Messages with an outcome."""
    needed: int
    """Of these, before anything is told."""
    usual: float | None
    """The share of success over all."""
    best: str | None
    """What is best for somebody of whom nothing else is known; null: none is better beyond doubt."""
    others: int
    """For so many parties another is told."""
    parties: int
    """Parties spoken to."""


class Hook(Model):
    """An endpoint that another system posts to."""

    name: str
    source: str
    """What its events have as their source."""
    scheme: Literal["standard", "hmac", "stripe", "github", "token"] | str
    options: HookOptions
    address: str
    """Where to post: a whole URL where `http.public_url` is set, else its path."""
    mapped: bool
    """Whether a mapping reads its bodies; otherwise they are CloudEvents."""
    each: str
    """Path to the list in a body whose objects are the rows; empty: the body is the row."""
    made_at: datetime
    disabled_at: datetime | None
    """Since when it is switched off."""
    taken_at: datetime | None
    """When the last message that is remembered was taken."""
    refused_at: datetime | None
    """When one was refused, to the minute."""
    refused_why: str


class Hooks(Model):
    """All of a workspace, by name."""

    hooks: list[Hook]


class Item(Model):
    """One thing a person is to decide, with what is needed to."""

    id: str
    key: str
    """The idempotency key of what would be done."""
    run: str | None
    """The run that waits for the answer; null where nothing was done yet."""
    playbook: str
    version: str
    """Of a playbook of your own."""
    choice: str
    """What would be done, in a word or two."""
    channel: str
    """The destination it would go to."""
    subject: str
    party: str
    """Who would be contacted."""
    question: str | None
    cutoff: datetime | None
    """Of the forecast it rests on."""
    probability: float | None
    text: str
    """The draft of what would be sent."""
    because: str
    """Why a person is asked."""
    reasons: list[str]
    """Why the forecast is what it is."""
    value: float
    """Money it is expected to bring, its cost taken off."""
    worth: float | None
    """Money at stake."""
    made_at: datetime
    due_at: datetime
    """By when an answer is wanted."""
    by_default: Literal["drop", "act"] | str
    """What happens then where nobody answered: nothing, or what is proposed."""
    state: Literal["open", "snoozed", "approved", "rejected", "expired", "overtaken"] | str
    snoozed_until: datetime | None
    assignee: str | None
    ended_at: datetime | None
    ended_by: str | None
    why: str
    """What whoever answered wrote to it."""
    outcome: Outcome | None
    """What came of the decision; null where nothing tells any more."""


class Job(Model):
    """One piece of long work, and how far it is."""

    id: str
    what: Literal["import", "undo", "replay", "train", "rehearse"] | str
    about: str
    """A file, a batch, a question, a playbook."""
    state: Literal["waiting", "running", "done", "failed", "cancelled"] | str
    done: int | None
    """Rows of an import, facts of an undo, rows of a replay, folds of a training."""
    of: int | None
    """Of `done`; null where nobody knows it before the end."""
    note: str
    result: dict[str, Any] | None
    """What came of it; of a cancelled or failed import what there is of it so far, to be undone or gone on with."""
    problem: Problem | None
    """Why it failed."""
    by: str
    made_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


class Jobs(Model):
    """A page of jobs, newest first."""

    next: str | None
    """Give it as `after` to get the page behind; null on the last one."""
    jobs: list[Job]


class Leaks(Model):
    """What is suspiciously good alone, or known only after the fact."""

    model_config = ConfigDict(
        extra="allow",
    )
    checked: int
    limit: float | None = None
    """AUC from which on a feature is suspicious."""
    suspicious: Annotated[list[Feature], Field(validate_default=True)] = []
    strongest: Annotated[list[Feature], Field(validate_default=True)] = []
    left_out: Annotated[list[LeftOut], Field(validate_default=True)] = []


class LearnedJudged(Model):
    """What the log says of the learned way of choosing beside the usual one."""

    model_config = ConfigDict(
        extra="allow",
    )
    words: str
    seen: int
    """Decisions with an outcome."""
    effective: float
    """How many of its own would tell as much."""
    usual: LearnedValue | None
    learned: dict[str, LearnedValue]
    """By estimator: `ips`, `snips`, `dr` (95 %, for one look)."""
    difference: LearnedValue | None
    """Learned less usual, of the way as it was learned last; its interval is wider than one for one look."""
    on_duty: LearnedValue | None
    """
    What was really chosen while it was loose, less what the usual way would have brought (95 %, however often it is
    looked at).
    """
    shares: dict[str, float]
    """How often the learned way makes each choice."""
    unit: float | None
    """Money of one average success."""


class MadeRoute(Model):
    """
    A route, and where by it goes what its playbook asks and nobody has answered, where `waiting` or `dry_run` ask.

    With `waiting` that is what had nobody who may decide, and it is theirs now; with `dry_run` alone it is all, as if
    it entered the inbox now. `dry_run` moves nothing.
    """

    route: Route
    waiting: int | None
    """So much was looked at; null: nothing was."""
    goes: dict[str, int]
    """By user: how much of it goes to them; empty where nothing was looked at."""
    nobody: int | None
    """So much meets the route, and nobody of its users may decide about it; null: nothing was looked at."""


class Me(Model):
    """Who is calling."""

    name: str
    sort: Literal["user", "key", "owner"] | str
    role: Literal["viewer", "operator", "owner"] | str
    """In this workspace."""
    rights: list[Literal["read", "record", "operate", "administer"] | str]
    """In this workspace, the scopes of a key considered."""
    workspace: str
    workspaces: list[Workspace]
    has_password: bool


class Population(Model):
    """Who is asked later, who is overdue, and who is not asked, as the last scoring saw it."""

    model_config = ConfigDict(
        extra="allow",
    )
    counts: dict[str, int | dict[str, int]] = {}
    """How many; under `excluded`, by the reason for which they are not asked."""
    later: Annotated[list[Waiting], Field(validate_default=True)] = []
    """Those whose cutoff is yet to come."""
    overdue: Annotated[list[Waiting], Field(validate_default=True)] = []
    """Those whose deadline is past and whose answer is not known: facts, not forecasts."""


class Prediction(Model):
    """The answer for one subject, as of its own cutoff."""

    question: str
    yes: str
    """How people call the answer yes."""
    no: str
    subject: str
    cutoff: datetime
    deadline: datetime
    form: Literal["chance", "quantity"] | str
    probability: float | None
    """Of yes; null where the answer is a quantity."""
    quantity: float | None
    """The median forecast; null where the answer is a probability."""
    mean: float | None
    """The mean forecast of a quantity: what adds up over many subjects."""
    unit: str | None
    """What the quantity is counted in: a currency (ISO 4217) or a unit."""
    low: float
    high: float
    """An 80 % interval of the probability; of a quantity a 90 % interval of the answer itself."""
    worth: float | None
    """Money at stake."""
    expected_loss: float | None
    """Probability times money at stake; of a quantity the money."""
    reasons: list[Reason]
    model: str
    made_at: datetime
    outcome: bool | float | None
    """Whether it was yes; of a quantity, what it came to."""
    censored: bool
    """Whether what was waited for did not come within the days that `outcome` tells."""
    settled: bool
    """Whether the outcome is mature; before that it is an early reading."""
    decision: Decision | None
    aside: str | None
    """Under which id somebody set it aside."""


class Predictions(Model):
    """A page of a ranking."""

    next: str | None
    """Give it as `after` to get the page behind; null on the last one."""
    predictions: list[Prediction]


class Proof(Model):
    """The evidence that a model answers its question, as it was written when the model was trained."""

    model_config = ConfigDict(
        extra="allow",
    )
    question: str
    asks: str | None = None
    form: str | None = None
    """`chance` or `quantity`."""
    answer: str | None = None
    """`absent`, `happens`, `count`, `total`, `next` or `value`."""
    unit: str | None = None
    """What a quantity is counted in."""
    verdict: Literal["use", "use_above", "do_not_use"] | str
    headline: str
    metrics: Metrics
    baseline: Baseline
    lift: Lift
    split: Split
    assumptions: list[str]
    never_acts: list[str]
    """Sides on which it never acts by itself."""
    sides: list[Side]
    lines: Tails | None = None
    money: Caught | None
    population: dict[str, int | dict[str, int]]
    """How many were asked and are; under `excluded`, by the reason for which they are not."""
    folds: list[Fold]
    reliability: Annotated[list[Bin], Field(validate_default=True)] = []
    sure_and_wrong: Annotated[list[SureAndWrong], Field(validate_default=True)] = []
    calibration: Annotated[list[QuantityBin], Field(validate_default=True)] = []
    """Of quantities: ten groups of like forecast."""
    outside: Annotated[list[Outside], Field(validate_default=True)] = []
    """The answers farthest outside their intervals."""
    contest: Contest | None = None
    segments: Annotated[list[Segments], Field(validate_default=True)] = []
    """By the categories that move the model most."""
    champion: Rival | None = None
    """Null where none was on duty."""
    notes: list[str] = []
    """What is odd about the data: why little or nothing can be learned or judged."""
    leaks: Leaks | None = None
    model: ProvedModel
    data: ProvedOn


class RunWhole(Model):
    """A run, step by step."""

    id: str
    key: str
    """Of the decision: the idempotency key of what is done first."""
    playbook: str
    version: str
    subject: str
    party: str
    question: str | None
    choice: str
    state: Literal["running", "paused", "stuck", "ended", "cancelled"] | str
    step: str | None
    """Where it stands."""
    attempt: int
    listens: list[str]
    """The events that end its wait at once."""
    due_at: datetime | None
    """When its wait ends."""
    began_at: datetime
    ended_at: datetime | None
    why: str
    """Why it ended, or cannot go on."""
    outcome: Outcome | None
    """What came of the decision; null where nothing tells any more."""
    steps: list[Stepped]


class Watch(Model):
    """What was seen of a question's model on duty when it was last looked at."""

    question: str
    version: str | None
    """Null: nothing was looked at yet."""
    at: datetime | None
    needed: float
    """The evidence from which on something is beyond doubt; of the population it is a fifth of that."""
    watched: list[Watched]
    population: Compared | None
    rival: Beside | None
    alarms: list[Alarm]
    """Of all versions, the newest first."""


class Answered(Model):
    """What became of several answers, each by itself."""

    taken: list[Item]
    refused: list[Refused]


class Catalog(Model):
    """All that is declared in a workspace, and how a question is asked."""

    kinds: list[DeclaredKind]
    events: list[DeclaredEvent]
    forms: list[str]
    """The accepted forms of a question; what is in capitals is filled in."""
    words: list[str]
    """The words of the forms."""


class Inbox(Model):
    """A page of what people are asked, the most expected money first."""

    next: str | None
    """Give it as `after` to get the page behind; null on the last one."""
    asked: list[Item]
    count: int
    """Of all pages together."""


class Learned(Model):
    """What a playbook learned about which choice for whom."""

    loose: bool
    """Whether it chooses; otherwise the usual choice is made, and each other now and then."""
    since: datetime
    version: int
    fitted_at: datetime
    judged: LearnedJudged


class Changed(Model):
    """What acting by a playbook changed."""

    playbook: str
    question: str
    success: bool | None
    """The answer that counts as success; null: none does, so nothing is measured."""
    called: str
    """That answer in words."""
    hold_out: float
    """The share of parties kept back."""
    effect: Effect | None
    path: list[EffectPoint]
    """How it stood on days on which outcomes came in."""
    choose: str
    """`value` or `learned`."""
    learned: Learned | None
    hours: Habit | None
    """Null where it speaks at once (`hour = "now"`)."""
    channels: list[Habit]
    """Of each choice that may go by several."""
