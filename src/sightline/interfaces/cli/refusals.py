"""What the client of the interface raises, as errors of the one tree: commands fail alike wherever the work is done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sightline.language.errors import Invalid, Misconfigured, SightlineError, Unavailable

if TYPE_CHECKING:
    import sightline_client

UNTOLD = "The server did not say what went wrong."


@contextmanager
def as_ours(what: str = "") -> Iterator[None]:
    """Raise what the client raises as an error of ours. `what`: the words of the command that is at work."""
    import sightline_client

    try:
        yield
    except sightline_client.SightlineError as error:
        raise translated(error, what) from None


def error_of(problem: dict[str, Any], what: str = "") -> SightlineError:
    """The error that a problem document tells of; one of a newer server keeps its code and status.

    Where the interface could not read what it was given, its words are about a document that a terminal does not show:
    there each field is told with what is wrong with it, and where the command explains it.
    """
    wrong = problem.get("errors")
    if isinstance(wrong, list) and wrong:
        told = "; ".join(f"{str(one['where']).partition('.')[2] or one['where']}: {one['message']}" for one in wrong)
        problem = {**problem, "detail": f"{told}.", "hint": f"See `sightline {what + ' ' if what else ''}--help`."}
    code, status = str(problem.get("code", SightlineError.code)), int(problem.get("status", SightlineError.status))
    kind = {one.code: one for one in _kinds(SightlineError)}.get(code, SightlineError)
    error = kind(str(problem.get("detail") or UNTOLD), hint=problem.get("hint"))
    if kind is SightlineError:
        error.code, error.status = code, status
    return error


def translated(error: sightline_client.SightlineError, what: str = "") -> SightlineError:
    """The same error as commands know it."""
    import sightline_client

    if isinstance(error, sightline_client.ApiError):
        return error_of({"detail": error.detail, **error.problem, "status": error.status}, what)
    if isinstance(error, sightline_client.Unreachable):
        return Unavailable(error.detail, hint=error.hint)
    kind = Invalid if isinstance(error, sightline_client.Misused) else Misconfigured
    return kind(error.detail, hint=error.hint)


def _kinds(kind: type[SightlineError]) -> Iterator[type[SightlineError]]:
    """The errors of the tree; what others derive from them is made in other ways, and goes by the same codes."""
    for one in kind.__subclasses__():
        if one.__module__ == SightlineError.__module__:
            if one.code != SightlineError.code:
                yield one
            yield from _kinds(one)
