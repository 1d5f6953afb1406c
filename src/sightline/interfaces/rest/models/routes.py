"""Who is asked what a playbook puts into the inbox."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from sightline.interfaces.rest.models.principals import Given
from sightline.interfaces.rest.models.shape import Shape, Word

User = Annotated[str, StringConstraints(min_length=1, max_length=256, pattern=r"^[^\x00]*$")]


class Route(Shape):
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


class Routes(Shape):
    """All routes, in the order in which they are tried: the first whose conditions are met holds."""

    items = "routes"

    routes: list[Route]


class NewRoute(Given):
    """A route, in the place of the one of its name."""

    playbook: Word = Field(max_length=200)
    whom: Word = Field(default="", max_length=2_000)
    """Conditions, such as `age above 60 and probability above 0.3`; empty: everybody."""
    to: list[User] = Field(min_length=1, max_length=50)
    """Users who may decide."""
    waiting: bool = False
    """Whether what waits and is nobody's, or somebody's who may not decide any more, goes by it too."""
    dry_run: bool = False
    """Only tell what would go where."""


class MadeRoute(Shape):
    """A route, and where by it goes what its playbook asks and nobody has answered, where `waiting` or `dry_run` ask.

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
