"""Questions in a file: counted, remembered, trained."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sightline.foundation.identity import Right
from sightline.interfaces.cli import show
from sightline.interfaces.cli.connection import Connection, Rows, plain
from sightline.interfaces.cli.refusals import as_ours
from sightline.interfaces.cli.session import Out, Session
from sightline.interfaces.cli.waiting import done
from sightline.kernel.predict import question_file
from sightline.kernel.predict.question_file import Told
from sightline.language.errors import Invalid, NotFound

if TYPE_CHECKING:
    from sightline_client import models


def add_file(session: Session, out: Out, path: Path, *, check: bool, train: bool, as_json: bool) -> None:
    """Remember the questions of a file and train them; with `check` only count what each would learn from.

    All lines are read before any is remembered. Raises Invalid and NotFound with the place in the file.
    """
    told = question_file.load(path)

    async def work(near: Connection) -> Rows:
        checked = [await _checked(near, one, path) for one in told]
        if check:
            return checked
        remembered = [await _declared(near, one, path) for one in told]
        if not train:
            return remembered
        return [await _trained(near, one, out) for one in told]

    found = session.call(work, needs=Right.OPERATE, target=", ".join(one.name for one in told))
    if as_json:
        return out.json({"questions": found})
    return _shown(out, found, check=check, train=train)


def as_file(questions: Rows) -> str:
    """Of what a workspace can be asked, the questions of the user's own, as a file that `add_file` reads."""
    own = [one for one in questions if str(one["name"]).startswith(f"{question_file.OWN}.")]
    return question_file.text_of(
        Told(name=one["name"], line=one["line"], asks=one["asks"], yes=one["yes"], no=one["no"], unit=one.get("unit"))
        for one in own
    )


@contextmanager
def _placed(told: Told, path: Path) -> Iterator[None]:
    """Errors about a line with its place in the file."""
    try:
        with as_ours():
            yield
    except (Invalid, NotFound) as error:
        raise type(error)(f"{path.name}, {told.name}: {error.message}", hint=error.hint) from None


async def _checked(near: Connection, told: Told, path: Path) -> dict[str, Any]:
    with _placed(told, path):
        return {**plain(await near.client.questions.check(told.line)), "name": told.name}


async def _declared(near: Connection, told: Told, path: Path) -> dict[str, Any]:
    given = {word: value for word, value in asdict(told).items() if value is not None and word not in {"name", "line"}}
    with _placed(told, path):
        return plain(await near.client.questions.declare(told.name, line=told.line, **given))


async def _trained(near: Connection, told: Told, out: Out) -> dict[str, Any]:
    asked = near.client.questions.train(told.name)
    return await done(near, asked, out, says=lambda _: f"Training {told.name}", stopped=_stopped)


def _stopped(_job: models.Job) -> str:
    return "The questions are remembered; those not trained yet can be by `sightline ask NAME`."


def _shown(out: Out, found: Sequence[dict[str, Any]], *, check: bool, train: bool) -> None:
    if check:
        made = show.table("name", "of", "examples", "open", "what it comes to")
        for one in found:
            made.add_row(one["name"], one["of"], f"{one['examples']:,}", f"{one['open']:,}", one["words"])
    elif train:
        made = show.table("name", "verdict", "what it says")
        for one in found:
            made.add_row(one["question"], one["verdict"].replace("_", " "), one["headline"])
    else:
        made = show.table("name", "asks", "line")
        for one in found:
            made.add_row(one["name"], one["asks"], one["line"])
    out.answer.print(made)
