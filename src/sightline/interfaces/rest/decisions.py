"""What was decided, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Query

from sightline.interfaces.rest import models
from sightline.interfaces.rest.context import Caller, Rest
from sightline.interfaces.rest.imports import NO_NUL
from sightline.interfaces.rest.needs import Reader, RestDep, room
from sightline.interfaces.rest.paging import USUAL, After, Limit, decode, page
from sightline.kernel.desk import deciding
from sightline.language.ref import Ref

router = room("decisions")


@router.get("/decisions")
async def get_decisions(
    rest: RestDep,
    caller: Reader,
    subject: Annotated[str | None, Query(description="Only about this thing.", examples=["line/82108"])] = None,
    playbook: Annotated[str | None, Query(max_length=200, pattern=NO_NUL, description="Only of this one.")] = None,
    verb: Annotated[Literal["act", "ask", "hold", "drop"] | None, Query(description="Only these.")] = None,
    after: After = None,
    limit: Limit = USUAL,
) -> models.Decisions:
    """What was made of each proposal, why, and what came of it; newest first."""
    behind = decode(after, (datetime, str)) if after else None
    about = Ref.parse(subject) if subject else None
    found = await deciding.list_decisions(
        rest.desk, caller.tenant, subject=about, playbook=playbook, verb=verb, after=behind, limit=limit + 1
    )
    some, more = page(found, limit, lambda one: (one.at, one.key))
    told = await with_outcomes(rest, caller, some)
    return models.Decisions(decisions=[models.Decided.model_validate(one) for one in told], next=more)


async def with_outcomes(rest: Rest, caller: Caller, found: Sequence[Any]) -> list[dict[str, Any]]:
    """What goes by the `key` of a decision, or of a step that followed one, with what came of that."""
    outcomes = await deciding.outcomes_of(rest.desk, caller.tenant, [one.key for one in found])
    return [{**asdict(one), "outcome": outcomes.get(one.key)} for one in found]
