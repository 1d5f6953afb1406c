"""Where models and predictions are kept. Models are JSON documents: loading one runs no code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec

from sightline.foundation.db.session import Transaction
from sightline.kernel.predict.language import canonical
from sightline.language.errors import Conflict, NotEnough, NotFound
from sightline.language.prediction import Prediction, Reason
from sightline.language.proof import Side, Verdict
from sightline.language.question import Question


class State(StrEnum):
    """What becomes of a version."""

    CHAMPION = "champion"
    """On duty: what it says is listed and decided upon."""
    CHALLENGER = "challenger"
    """Trained, and never put on duty."""
    RETIRED = "retired"
    """It was on duty."""


class Why(StrEnum):
    """What a version was trained for."""

    ASKED = "asked"
    """Somebody said so."""
    SCHEDULE = "schedule"
    DRIFT = "drift"
    """What came was not what had been said."""
    DATA = "data"
    """What is known changed, as by an import."""


UNREADABLE = "unreadable"
"""The member of a population's document that says why the model on duty could not be read."""

SPOKE = "model"
"""The member that says which version forecast everybody last."""

_LOCK = 7_301_005
"""With a tenant and a question: who puts which version on duty."""

_MODEL = (
    "select question, version, line, document, proof, trained_at, as_of, position, why, reason, admitted"
    " from sightline.models where tenant = :t and question = :q"
)

_UNSETTLED = "(outcome is null or matures_at > :at)"

ASTRAY = (
    "exists (select 1 from sightline.models m where m.tenant = predictions.tenant and m.question = predictions.question"
    " and m.version = predictions.model and m.line <> :line)"
)
"""Said by a model of another line."""

_SAID = f"tenant = :t and question = :q and not {ASTRAY}"

_THESE = (
    "tenant = :t and question = :q and (key, cutoff) in"
    " (select * from unnest(cast(:keys as text[]), cast(:cutoffs as timestamptz[])))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One trained version of one question."""

    question: str
    version: str
    line: str
    """The question it was trained for, in canonical form."""
    document: dict[str, Any]
    proof: dict[str, Any]
    trained_at: datetime
    as_of: datetime
    position: int
    """How far into the ledger it had read."""
    why: Why = Why.ASKED
    reason: str = ""
    """What somebody wrote to it."""
    admitted: tuple[dict[str, Any], ...] = ()
    """Suspicious features that were let in: feature, reason, by, at."""
    reference: dict[str, Any] | None = None
    """What those it learned from looked like (see `windows`). Kept; read apart (`reference_of`)."""
    kept_back: str = ""
    """Why it did not go on duty when it was trained, in words; told once, not kept."""

    @property
    def usable(self) -> bool:
        """Whether its proof lets it be used at all."""
        return bool(self.proof["verdict"] != Verdict.DO_NOT_USE.value)


async def store(tx: Transaction, model: Model, *, on_duty: bool = True) -> None:
    """Keep a model: as champion in the place of the one before it where it goes on duty, else as its challenger.

    The version on duty stays there, whatever it is stored as again.
    """
    await tx.run(
        "insert into sightline.models as had (tenant, question, version, line, state, trained_at, as_of, position,"
        " document, proof, why, reason, admitted, reference) values (:t, :q, :v, :line, :state, :trained, :as_of,"
        " :position, :document, :proof, :why, :reason, :admitted, :reference)"
        " on conflict (tenant, question, version) do update set trained_at = excluded.trained_at,"
        " as_of = excluded.as_of, position = excluded.position, document = excluded.document, proof = excluded.proof,"
        " why = excluded.why, reason = excluded.reason, admitted = excluded.admitted, reference = excluded.reference,"
        " state = case when had.state = 'champion' then had.state else excluded.state end",
        t=tx.tenant, q=model.question, v=model.version, line=model.line, state=State.CHALLENGER.value,
        trained=model.trained_at, as_of=model.as_of, position=model.position, document=_json(model.document),
        proof=_json(model.proof), why=model.why.value, reason=model.reason, admitted=_json(model.admitted),
        reference=_json(model.reference) if model.reference else None,
    )  # fmt: skip
    if on_duty:
        await promote(tx, model.question, model.version, at=model.trained_at)


async def champion(tx: Transaction, question: Question) -> Model | None:
    """The model on duty, or None when the question was never trained as it is asked now.

    A model that was trained for another line answers another question: whoever redefines one, or upgrades the pack
    that declares it, has none on duty until it is trained again.
    """
    row = await tx.row(f"{_MODEL} and champion", t=tx.tenant, q=question.name)
    return None if row is None or row["line"] != canonical(question) else _model(row)


async def astray(tx: Transaction, questions: Mapping[str, Question]) -> dict[str, str]:
    """Of these (by name) those whose champion was trained for another line, each with that line."""
    rows = await tx.rows("select question, line from sightline.models where tenant = :t and champion", t=tx.tenant)
    asked = {row["question"]: row["line"] for row in rows if row["question"] in questions}
    return {name: line for name, line in asked.items() if line != canonical(questions[name])}


def astray_words(line: str) -> str:
    """What is told of a question whose champion was trained for `line`."""
    return f"Its model was trained for another line ('{line}') and is not on duty for this one: train again."


async def untrained(tx: Transaction, question: Question, workspace: str) -> NotEnough:
    """Why no model is on duty for a question."""
    found = (await astray(tx, {question.name: question})).get(question.name)
    if found is not None:
        return NotEnough(f"'{question.name}': {astray_words(found)}", hint=f"Run `sightline ask {question.name}`.")
    return NotEnough(
        f"'{question.name}' was never trained in workspace '{workspace}'.",
        hint=f"Import some history, then run `sightline ask {question.name}`.",
    )


async def version(tx: Transaction, question: str, version: str) -> Model:
    """One version of a question's model. Raises NotFound that names those there are."""
    row = await tx.row(f"{_MODEL} and version = :v", t=tx.tenant, q=question, v=version)
    if row is None:
        known = [one.version for one in await versions(tx, question)]
        raise NotFound.named("version", version, known, hint=f"`sightline models {question}` lists them.")
    return _model(row)


async def reference_of(tx: Transaction, question: str, version: str) -> dict[str, Any] | None:
    """What the training of a version looked like; None where that cannot be told."""
    found: dict[str, Any] | None = await tx.value(
        "select reference from sightline.models where tenant = :t and question = :q and version = :v",
        t=tx.tenant, q=question, v=version,
    )  # fmt: skip
    return found


async def alone(tx: Transaction, question: str) -> None:
    """Until the commit nobody else decides which version of a question is on duty; asked again, nobody waits."""
    await tx.run("select pg_advisory_xact_lock(:k, hashtext(:name))", k=_LOCK, name=f"{tx.tenant}/{question}")


async def promote(tx: Transaction, question: str, version: str, *, at: datetime) -> None:
    """Put a version that is kept on duty; the one before it is retired, and remembered to roll back to."""
    await alone(tx, question)
    before = await _on_duty(tx, question)
    if before == version:
        return
    await _retire(tx, question)
    await tx.run(
        "update sightline.models set state = 'champion', on_duty_since = :at, took_over_from = :before"
        " where tenant = :t and question = :q and version = :v",
        t=tx.tenant, q=question, v=version, at=at, before=before,
    )  # fmt: skip


async def before_it(tx: Transaction, question: str) -> str:
    """The version that the one on duty took over from. Raises Conflict when there is none, or it is not kept."""
    found: str | None = await tx.value(
        "select o.version from sightline.models m join sightline.models o on o.tenant = m.tenant"
        " and o.question = m.question and o.version = m.took_over_from"
        " where m.tenant = :t and m.question = :q and m.champion",
        t=tx.tenant, q=question,
    )  # fmt: skip
    if found is None:
        raise Conflict(
            f"No version of '{question}' was on duty before the one that is, so there is none to go back to.",
            hint=f"`sightline models {question}` lists what is kept; --promote VERSION puts one on duty.",
        )
    return found


async def rollback(tx: Transaction, question: str, *, at: datetime) -> str:
    """Put the version before the one on duty back there; again: the one before that. Returns which it is.

    Raises Conflict when there is none.
    """
    await alone(tx, question)
    version = await before_it(tx, question)
    await _retire(tx, question)
    await tx.run(
        "update sightline.models set state = 'champion', on_duty_since = :at"
        " where tenant = :t and question = :q and version = :v",
        t=tx.tenant, q=question, v=version, at=at,
    )  # fmt: skip
    return version


async def _on_duty(tx: Transaction, question: str) -> str | None:
    found: str | None = await tx.value(
        "select version from sightline.models where tenant = :t and question = :q and champion",
        t=tx.tenant, q=question,
    )  # fmt: skip
    return found


async def _retire(tx: Transaction, question: str) -> None:
    await tx.run(
        "update sightline.models set state = 'retired' where tenant = :t and question = :q and champion",
        t=tx.tenant, q=question,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a question's model, as a list tells of it."""

    version: str
    state: str
    """A `State`."""
    trained_at: datetime
    as_of: datetime
    """How far its facts reached."""
    on_duty_since: datetime | None
    """When it last went on duty; None: it never was."""
    took_over_from: str | None
    """The version that was on duty before it."""
    why: str
    """A `Why`."""
    reason: str
    """What somebody wrote to it."""
    admitted: tuple[dict[str, Any], ...]
    """Suspicious features that were let in: feature, reason, by, at."""
    verdict: str
    headline: str
    figures: dict[str, Any]
    """The single figures of its proof's `metrics`."""
    line: str


async def versions(tx: Transaction, question: str) -> list[Version]:
    """Every version that is kept, the newest first; empty when the question was never trained."""
    rows = await tx.rows(
        "select version, state, trained_at, as_of, on_duty_since, took_over_from, why, reason, admitted, line,"
        " proof ->> 'verdict' as verdict, proof ->> 'headline' as headline, proof -> 'metrics' as metrics"
        " from sightline.models where tenant = :t and question = :q order by trained_at desc, version",
        t=tx.tenant, q=question,
    )  # fmt: skip
    return [_version(dict(row)) for row in rows]


def _version(row: dict[str, Any]) -> Version:
    metrics = row.pop("metrics") or {}
    single = {name: value for name, value in metrics.items() if isinstance(value, int | float)}
    return Version(**{**row, "admitted": tuple(row["admitted"])}, figures=single)


def _model(row: Any) -> Model:
    return Model(**{**dict(row), "why": Why(row["why"]), "admitted": tuple(row["admitted"])})


async def proof_of(tx: Transaction, question: Question) -> dict[str, Any] | None:
    """The proof of the model on duty, without loading the model; None where there is none (see `champion`)."""
    row = await tx.row(
        "select proof, line from sightline.models where tenant = :t and question = :q and champion",
        t=tx.tenant, q=question.name,
    )  # fmt: skip
    found: dict[str, Any] | None = None if row is None or row["line"] != canonical(question) else row["proof"]
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """What the proof of a model on duty says in short."""

    verdict: str
    headline: str
    line: str
    """The question it was trained for."""
    unreadable: str | None
    """Why the last scoring could not read the model; None when it could."""


async def verdicts(tx: Transaction) -> dict[str, Verdicts]:
    """Of every question with a model on duty, by name."""
    rows = await tx.rows(
        "select m.question, m.line, m.proof ->> 'verdict' as verdict, m.proof ->> 'headline' as headline,"
        " p.document ->> :member as unreadable from sightline.models m left join sightline.populations p"
        " on p.tenant = m.tenant and p.question = m.question where m.tenant = :t and m.champion",
        t=tx.tenant, member=UNREADABLE,
    )  # fmt: skip
    return {row.pop("question"): Verdicts(**row) for row in map(dict, rows)}


async def champion_sides(tx: Transaction, question: Question) -> tuple[Side, ...]:
    """From which line on each side of the model on duty keeps the promise."""
    row = await tx.row(
        "select proof -> 'sides' as sides, line from sightline.models where tenant = :t and question = :q and champion",
        t=tx.tenant, q=question.name,
    )  # fmt: skip
    stands = row is not None and row["line"] == canonical(question)
    return tuple(msgspec.convert(one, Side) for one in row["sides"]) if row and stands else ()


_AS_IT_WAS = (
    "(had.probability, had.quantity, had.mean) is not distinct from"
    " (excluded.probability, excluded.quantity, excluded.mean)"
)


async def keep(tx: Transaction, predictions: Sequence[Prediction], *, grace: timedelta, at: datetime) -> None:
    """Store predictions; their answers count once the deadline plus `grace` has passed."""
    driver = await tx.driver()
    await driver.execute(
        "insert into sightline.predictions as had (tenant, question, kind, key, cutoff, model, deadline, matures_at,"
        " probability, low, high, worth, expected_loss, reasons, quantity, mean, made_at)"
        " select $1, *, $17 from unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::text[],"
        " $7::timestamptz[], $8::timestamptz[], $9::float8[], $10::float8[], $11::float8[], $12::float8[],"
        " $13::float8[], $14::jsonb[], $15::float8[], $16::float8[])"
        " on conflict (tenant, question, kind, key, cutoff, model) do update set probability = excluded.probability,"
        " quantity = excluded.quantity, mean = excluded.mean, low = excluded.low, high = excluded.high,"
        " worth = excluded.worth, expected_loss = excluded.expected_loss,"
        " deadline = excluded.deadline, matures_at = excluded.matures_at,"
        # Those that are not explained now keep the reasons of what is said still.
        f" reasons = case when excluded.reasons = '[]' and {_AS_IT_WAS} then had.reasons else excluded.reasons end,"
        " withdrawn_at = null"
        # Most stand as they stood: writing them anew would write every index anew.
        " where (had.probability, had.quantity, had.mean, had.low, had.high, had.worth, had.expected_loss,"
        " had.deadline, had.matures_at) is distinct from (excluded.probability, excluded.quantity,"
        " excluded.mean, excluded.low, excluded.high, excluded.worth, excluded.expected_loss, excluded.deadline,"
        " excluded.matures_at)"
        " or (excluded.reasons <> '[]' and had.reasons <> excluded.reasons) or had.withdrawn_at is not null",
        tx.tenant,
        [p.question for p in predictions],
        [p.subject.kind for p in predictions],
        [p.subject.key for p in predictions],
        [p.cutoff for p in predictions],
        [p.model for p in predictions],
        [p.deadline for p in predictions],
        [p.deadline + grace for p in predictions],
        [p.probability for p in predictions],
        [p.low for p in predictions],
        [p.high for p in predictions],
        [p.worth for p in predictions],
        [p.expected_loss for p in predictions],
        [_json(p.reasons) for p in predictions],
        [p.quantity for p in predictions],
        [p.mean for p in predictions],
        at,
    )


async def keep_reasons(
    tx: Transaction, question: Question, version: str, found: Mapping[tuple[str, datetime], Sequence[Reason]]
) -> None:
    """Keep the reasons of what a version said of each (key, cutoff), where none are kept."""
    driver = await tx.driver()
    await driver.execute(
        "update sightline.predictions p set reasons = f.reasons"
        " from unnest($5::text[], $6::timestamptz[], $7::jsonb[]) as f(key, cutoff, reasons)"
        " where p.tenant = $1 and p.question = $2 and p.kind = $3 and p.model = $4 and p.key = f.key"
        " and p.cutoff = f.cutoff and p.reasons = '[]'",
        tx.tenant, question.name, question.of, version, [key for key, _ in found], [cutoff for _, cutoff in found],
        [_json(one) for one in found.values()],
    )  # fmt: skip


async def supersede(tx: Transaction, question: str) -> None:
    """Of who is asked again and again, let only the newest cutoff of each model be listed; to be called after
    predictions were kept, withdrawn or let stand. What met its answer is listed and counted as it is.
    """
    await tx.run(
        "update sightline.predictions p set superseded = not p.superseded"
        " where p.tenant = :t and p.question = :q and p.withdrawn_at is null and p.outcome is null"
        " and p.superseded <> exists (select from sightline.predictions n where n.tenant = p.tenant"
        "  and n.question = p.question and n.kind = p.kind and n.key = p.key and n.cutoff > p.cutoff"
        "  and n.model = p.model and n.withdrawn_at is null)",
        t=tx.tenant, q=question,
    )  # fmt: skip


async def said_before(tx: Transaction, question: Question) -> dict[tuple[str, datetime], float | None]:
    """The probability last said of every (key, cutoff) that was ever predicted for a question, as it is asked now;
    None: a quantity was.
    """
    rows = await tx.rows(
        f"select distinct on (key, cutoff) key, cutoff, probability from sightline.predictions where {_SAID}"
        f" order by key, cutoff, model = :last desc, made_at desc",
        t=tx.tenant, q=question.name, line=canonical(question), last=await _spoke_last(tx, question.name),
    )  # fmt: skip
    return {(row["key"], row["cutoff"]): row["probability"] for row in rows}


async def said_last(tx: Transaction, question: Question) -> dict[str, float | None]:
    """The probability last said of every key, at whatever cutoff; None: a quantity was."""
    rows = await tx.rows(
        f"select distinct on (key) key, probability from sightline.predictions where {_SAID}"
        f" order by key, cutoff desc, model = :last desc, made_at desc",
        t=tx.tenant, q=question.name, line=canonical(question), last=await _spoke_last(tx, question.name),
    )  # fmt: skip
    return {row["key"]: row["probability"] for row in rows}


async def _spoke_last(tx: Transaction, question: str) -> str:
    """The version that last forecast everybody. One that was rolled back to made its predictions long ago."""
    return str((await population(tx, question)).get(SPOKE, ""))


async def unsettled(
    tx: Transaction, question: str, *, at: datetime
) -> tuple[list[tuple[str, datetime]], list[tuple[str, datetime]]]:
    """Every (key, cutoff) whose answer does not count yet, by any model: those that stand, and those withdrawn."""
    rows = await tx.rows(
        "select key, cutoff, bool_or(withdrawn_at is null) as stands, bool_or(withdrawn_at is not null) as withdrawn"
        f" from sightline.predictions where tenant = :t and question = :q and {_UNSETTLED} group by key, cutoff",
        t=tx.tenant, q=question, at=at,
    )  # fmt: skip
    standing = [(row["key"], row["cutoff"]) for row in rows if row["stands"]]
    return standing, [(row["key"], row["cutoff"]) for row in rows if row["withdrawn"]]


async def withdraw(tx: Transaction, question: str, asked: Sequence[tuple[str, datetime]], *, at: datetime) -> int:
    """Take back what any model said of each (key, cutoff) and is not settled; returns how many predictions."""
    return await tx.run(
        "update sightline.predictions set withdrawn_at = :at"
        f" where {_THESE} and withdrawn_at is null and {_UNSETTLED}",
        t=tx.tenant, q=question, at=at, keys=[key for key, _ in asked], cutoffs=[cutoff for _, cutoff in asked],
    )  # fmt: skip


async def let_stand(tx: Transaction, question: Question, asked: Sequence[tuple[str, datetime]], *, at: datetime) -> int:
    """Let what was withdrawn of each (key, cutoff), and is not settled, count again; returns how many predictions."""
    return await tx.run(
        f"update sightline.predictions set withdrawn_at = null where {_THESE} and withdrawn_at is not null"
        f" and {_UNSETTLED} and not {ASTRAY}",
        t=tx.tenant, q=question.name, at=at, keys=[key for key, _ in asked], cutoffs=[cutoff for _, cutoff in asked],
        line=canonical(question),
    )  # fmt: skip


async def disown(tx: Transaction, question: Question, *, at: datetime) -> int:
    """Take back what models of another line said and is not settled: it would be met with the answer to this one."""
    return await tx.run(
        "update sightline.predictions set withdrawn_at = :at where tenant = :t and question = :q"
        f" and withdrawn_at is null and {_UNSETTLED} and {ASTRAY}",
        t=tx.tenant, q=question.name, at=at, line=canonical(question),
    )  # fmt: skip


async def keep_population(tx: Transaction, question: str, document: Mapping[str, Any], *, at: datetime) -> None:
    """Remember who is asked later, who is overdue and who is not asked, as this scoring saw it."""
    await tx.run(
        "insert into sightline.populations (tenant, question, at, document) values (:t, :q, :at, :d)"
        " on conflict (tenant, question) do update set at = excluded.at, document = excluded.document",
        t=tx.tenant, q=question, at=at, d=_json(document),
    )  # fmt: skip


async def population(tx: Transaction, question: str) -> dict[str, Any]:
    """The document `keep_population` kept, or an empty one."""
    found: dict[str, Any] | None = await tx.value(
        "select document from sightline.populations where tenant = :t and question = :q", t=tx.tenant, q=question
    )
    return found or {}


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
