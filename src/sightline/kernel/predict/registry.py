"""Where models and predictions are kept. Models are JSON documents: loading one runs no code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec

from sightline.foundation.db.session import Transaction
from sightline.language.prediction import Prediction
from sightline.language.proof import Side, Verdict
from sightline.language.ref import Ref

UNREADABLE = "unreadable"
"""The member of a population's document that says why the model on duty could not be read."""

_UNSETTLED = "(outcome is null or matures_at > :at)"

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

    @property
    def usable(self) -> bool:
        """Whether its proof lets it be used at all."""
        return bool(self.proof["verdict"] != Verdict.DO_NOT_USE.value)


async def store(tx: Transaction, model: Model) -> None:
    """Keep a model and put it on duty in the place of the champion before it."""
    await tx.run(
        "update sightline.models set champion = false where tenant = :t and question = :q and champion",
        t=tx.tenant, q=model.question,
    )  # fmt: skip
    await tx.run(
        "insert into sightline.models (tenant, question, version, line, champion, trained_at, as_of, position,"
        " document, proof) values (:t, :q, :v, :line, true, :trained, :as_of, :position, :document, :proof)"
        " on conflict (tenant, question, version) do update set champion = true, trained_at = excluded.trained_at,"
        " as_of = excluded.as_of, position = excluded.position, proof = excluded.proof",
        t=tx.tenant, q=model.question, v=model.version, line=model.line, trained=model.trained_at, as_of=model.as_of,
        position=model.position, document=_json(model.document), proof=_json(model.proof),
    )  # fmt: skip


async def champion(tx: Transaction, question: str) -> Model | None:
    """The model on duty, or None when the question was never trained."""
    row = await tx.row(
        "select question, version, line, document, proof, trained_at, as_of, position from sightline.models"
        " where tenant = :t and question = :q and champion",
        t=tx.tenant, q=question,
    )  # fmt: skip
    if row is None:
        return None
    return Model(**row)


async def proof_of(tx: Transaction, question: str) -> dict[str, Any] | None:
    """The proof of the model on duty, without loading the model."""
    found: dict[str, Any] | None = await tx.value(
        "select proof from sightline.models where tenant = :t and question = :q and champion", t=tx.tenant, q=question
    )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """What the proof of a model on duty says in short."""

    verdict: str
    headline: str
    unreadable: str | None
    """Why the last scoring could not read the model; None when it could."""


async def verdicts(tx: Transaction) -> dict[str, Verdicts]:
    """Of every question with a model on duty, by name."""
    rows = await tx.rows(
        "select m.question, m.proof ->> 'verdict' as verdict, m.proof ->> 'headline' as headline,"
        " p.document ->> :member as unreadable from sightline.models m left join sightline.populations p"
        " on p.tenant = m.tenant and p.question = m.question where m.tenant = :t and m.champion",
        t=tx.tenant, member=UNREADABLE,
    )  # fmt: skip
    return {
        row["question"]: Verdicts(verdict=row["verdict"], headline=row["headline"], unreadable=row["unreadable"])
        for row in rows
    }


async def champion_sides(tx: Transaction, question: str) -> tuple[Side, ...]:
    """From which line on each side of the model on duty keeps the promise."""
    proof = await proof_of(tx, question)
    return tuple(msgspec.convert(one, Side) for one in proof["sides"]) if proof else ()


async def keep(tx: Transaction, predictions: Sequence[Prediction], *, grace: timedelta, at: datetime) -> None:
    """Store predictions; their answers count once the deadline plus `grace` has passed."""
    driver = await tx.driver()
    await driver.execute(
        "insert into sightline.predictions as had (tenant, question, kind, key, cutoff, model, deadline, matures_at,"
        " probability, low, high, worth, expected_loss, reasons, made_at)"
        " select $1, *, $15 from unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::text[],"
        " $7::timestamptz[], $8::timestamptz[], $9::float8[], $10::float8[], $11::float8[], $12::float8[],"
        " $13::float8[], $14::jsonb[])"
        " on conflict (tenant, question, kind, key, cutoff, model) do update set probability = excluded.probability,"
        " low = excluded.low, high = excluded.high, worth = excluded.worth, expected_loss = excluded.expected_loss,"
        " deadline = excluded.deadline, matures_at = excluded.matures_at, reasons = excluded.reasons,"
        " withdrawn_at = null"
        # Most stand as they stood: writing them anew would write every index anew.
        " where (had.probability, had.low, had.high, had.worth, had.expected_loss, had.deadline, had.matures_at,"
        " had.reasons) is distinct from (excluded.probability, excluded.low, excluded.high, excluded.worth,"
        " excluded.expected_loss, excluded.deadline, excluded.matures_at, excluded.reasons)"
        " or had.withdrawn_at is not null",
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
        at,
    )


async def said_before(tx: Transaction, question: str) -> dict[tuple[str, datetime], float]:
    """The probability last said of every (key, cutoff) that was ever predicted for a question."""
    rows = await tx.rows(
        "select distinct on (key, cutoff) key, cutoff, probability from sightline.predictions"
        " where tenant = :t and question = :q order by key, cutoff, made_at desc",
        t=tx.tenant, q=question,
    )  # fmt: skip
    return {(row["key"], row["cutoff"]): row["probability"] for row in rows}


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


async def let_stand(tx: Transaction, question: str, asked: Sequence[tuple[str, datetime]], *, at: datetime) -> int:
    """Let what was withdrawn of each (key, cutoff), and is not settled, count again; returns how many predictions."""
    return await tx.run(
        f"update sightline.predictions set withdrawn_at = null where {_THESE} and withdrawn_at is not null"
        f" and {_UNSETTLED}",
        t=tx.tenant, q=question, at=at, keys=[key for key, _ in asked], cutoffs=[cutoff for _, cutoff in asked],
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


async def prediction_reasons(tx: Transaction, question: str, subject: Ref) -> tuple[str, ...]:
    """The words of the reasons of the newest prediction about a subject."""
    found = await tx.value(
        "select reasons from sightline.predictions where tenant = :t and question = :q and kind = :kind and key = :key"
        " order by made_at desc, cutoff desc limit 1",
        t=tx.tenant, q=question, kind=subject.kind, key=subject.key,
    )  # fmt: skip
    return tuple(one["text"] for one in found or ())


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
