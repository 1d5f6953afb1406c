"""What a server refuses, as errors of the one tree."""

import pytest

import sightline_client
from sightline.interfaces.cli.refusals import as_ours, error_of
from sightline.language import errors


class Derived(errors.Invalid):
    """An error of somebody else's, made in another way."""

    def __init__(self, one: int, other: int) -> None:
        super().__init__(f"{one} is not {other}.")


@pytest.mark.parametrize(
    "kind", [errors.Invalid, errors.Unparsable, errors.NotFound, errors.Conflict, errors.NotEnough, errors.Busy]
)
def test_a_problem_becomes_the_error_of_its_code(kind: type[errors.SightlineError]) -> None:
    said = error_of({"code": kind.code, "status": kind.status, "detail": "What.", "hint": "Then."})
    assert type(said) is kind
    assert (said.message, said.hint, said.status) == ("What.", "Then.", kind.status)


def test_what_is_not_known_keeps_its_code_and_status() -> None:
    said = error_of({"code": "gone_fishing", "status": 418})
    assert (said.code, said.status, bool(said.message)) == ("gone_fishing", 418, True)


def test_what_nobody_answers_is_unavailable() -> None:
    with pytest.raises(errors.Unavailable, match="nobody there"), as_ours():
        raise sightline_client.Unreachable("nobody there")
    with pytest.raises(errors.Invalid), as_ours():
        raise sightline_client.Misused("no URL")


def test_what_could_not_be_read_is_told_by_field_and_command() -> None:
    wrong = [{"where": "body.until", "message": "Input should be a valid datetime"}]
    said = error_of(
        {"code": "invalid", "status": 400, "detail": "body.until: ...", "hint": "See /openapi.json.", "errors": wrong},
        "inbox snooze",
    )
    assert (said.message, said.hint) == (
        "until: Input should be a valid datetime.",
        "See `sightline inbox snooze --help`.",
    )
