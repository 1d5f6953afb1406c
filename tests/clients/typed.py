"""What a user's type checker sees: checked by `make lint` in strict mode, never run."""

from __future__ import annotations

from typing import assert_type

from sightline_client import AsyncSightline, Sightline, models


def blocking(client: Sightline) -> None:
    """Answers have their shapes."""
    assert_type(client.status(), models.Status)
    found = client.questions.predictions("supply.arrives_late", rank="money", limit=10)
    assert_type(found.predictions[0].probability, float | None)
    assert_type(found.predictions[0].decision, models.Decision | None)
    assert_type(client.events.record([{"id": "1"}]).recorded, int)
    client.questions.predictions("q", rank="size")  # type: ignore[arg-type]
    client.questions.predictions("q", colour="red")  # type: ignore[call-arg]


async def awaited(client: AsyncSightline) -> None:
    """The same, awaited."""
    assert_type(await client.status(), models.Status)
    assert_type((await client.entities.get("line", "1")).links, dict[str, str])
