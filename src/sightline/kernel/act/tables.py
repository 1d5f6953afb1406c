"""Tables of a TOML file: what may stand in them, told by its place where it may not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from difflib import get_close_matches
from typing import Any

from sightline.language.errors import Invalid, SightlineError
from sightline.language.time import parse_span

SHORTEST, LONGEST = timedelta(minutes=1), timedelta(weeks=9_999)
"""Spans that anything is waited for."""

_SAID = {
    str: "a text",
    int: "a whole number",
    bool: "true or false",
    list: "a list",
    (int, float): "a number",
    (str, list): "a text or a list of them",
    Mapping: "a table",
}


def read(where: str, given: Any, words: Mapping[str, Any], *, needs: Iterable[str]) -> Mapping[str, Any]:
    """A table of these words, each of its sort. Raises Invalid that names the word and its place."""
    if not isinstance(given, Mapping):
        raise Invalid(f"{where} must be a table.")
    for word, value in given.items():
        if word not in words:
            near = get_close_matches(word, words, n=1, cutoff=0.5)
            guess = f" Did you mean `{near[0]}`?" if near else ""
            raise Invalid(f"{where}: there is no `{word}`.{guess}", hint=f"Allowed: {', '.join(words)}.")
        sort = words[word]
        if not isinstance(value, sort) or (isinstance(value, bool) and sort is not bool):
            raise Invalid(f"{where}: `{word}` must be {_SAID[sort]}, and is {value!r}.")
    for word in needs:
        if not given.get(word):
            raise Invalid(f"{where} lacks `{word}`.", hint=f"It needs: {', '.join(needs)}.")
    return given


def span(where: str, text: str) -> timedelta:
    """A span of time from SHORTEST to LONGEST. Raises Invalid."""
    found: timedelta = placed(where, lambda: parse_span(text))
    if not SHORTEST <= found <= LONGEST:
        raise Invalid(f"{where}: {text!r} is no span of time to wait.", hint='Write "3 days", "12 hours" or "2 weeks".')
    return found


def one_of(where: str, word: str, value: str, allowed: tuple[str, ...]) -> str:
    """One of several words. Raises Invalid."""
    if value not in allowed:
        raise Invalid(f"{where}: `{word}` is one of {', '.join(allowed)}, and not {value!r}.")
    return value


def placed(where: str, work: Callable[[], Any]) -> Any:
    """Errors with their place in the file."""
    try:
        return work()
    except SightlineError as error:
        raise Invalid(f"{where}: {error.message}", hint=error.hint) from None
