"""What was said of a few subjects, in the table of predictions: the same rules as in bulk, by key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sightline.foundation.db.session import Transaction
from sightline.kernel.predict.language import canonical
from sightline.kernel.predict.registry import ASTRAY
from sightline.kernel.predict.trained import FORM
from sightline.language.proof import Verdict
from sightline.language.question import Question

_THESE = "tenant = :t and question = :q and key = any(:keys)"


async def champions(tx: Transaction) -> dict[str, tuple[str, bool]]:
    """Question to the version on duty and whether it may be used: its proof says so, and it can still be read."""
    rows = await tx.rows(
        "select question, version, proof ->> 'verdict' as verdict, document ->> 'form' as form from sightline.models"
        " where tenant = :t and champion",
        t=tx.tenant,
    )
    return {
        row["question"]: (
            row["version"],
            row["verdict"] != Verdict.DO_NOT_USE.value and row["form"] == str(FORM),
        )
        for row in rows
    }


async def said(
    tx: Transaction, question: Question, keys: Sequence[str], *, at: datetime, version: str
) -> list[tuple[str, datetime, float | None, bool, bool]]:
    """key, cutoff, the probability last said of it (None: a quantity was), whether it stands, whether it is withdrawn;
    settled ones are neither. Ascending by key and cutoff. `version`: the one on duty, which spoke last where it did.
    """
    rows = await tx.rows(
        "select key, cutoff, (array_agg(probability order by model = :version desc, made_at desc))[1] as probability,"
        " bool_or(withdrawn_at is null and (outcome is null or matures_at > :at)) as stands,"
        " bool_or(withdrawn_at is not null and (outcome is null or matures_at > :at)) as withdrawn"
        f" from sightline.predictions where {_THESE} and not {ASTRAY} group by key, cutoff order by key, cutoff",
        t=tx.tenant, q=question.name, keys=list(keys), at=at, version=version, line=canonical(question),
    )  # fmt: skip
    return [(row["key"], row["cutoff"], row["probability"], row["stands"], row["withdrawn"]) for row in rows]


async def supersede(tx: Transaction, question: str, keys: Sequence[str]) -> None:
    """Of these, let only the newest cutoff of each model be listed (see `registry.supersede`)."""
    await tx.run(
        "update sightline.predictions p set superseded = not p.superseded"
        " where p.tenant = :t and p.question = :q and p.key = any(:keys) and p.withdrawn_at is null"
        " and p.outcome is null and p.superseded <> exists (select from sightline.predictions n"
        "  where n.tenant = p.tenant and n.question = p.question and n.kind = p.kind and n.key = p.key"
        "  and n.cutoff > p.cutoff and n.model = p.model and n.withdrawn_at is null)",
        t=tx.tenant, q=question, keys=list(keys),
    )  # fmt: skip
