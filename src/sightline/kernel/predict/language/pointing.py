"""Errors that point at a word of a line and say what was allowed there."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lark import Token
from lark.exceptions import UnexpectedInput

from sightline.kernel.predict.language.grammar import SPOKEN, hint
from sightline.language.errors import Unparsable

_SHOWN = 40
"""Characters of a word that are repeated."""


def at(text: str, word: Token, says: str, allowed: Iterable[str] = ()) -> Unparsable:
    """An error about a word of `text`."""
    return _pointing(text, word.start_pos or 0, len(word), says, list(allowed))


def unexpected(text: str, error: UnexpectedInput) -> Unparsable:
    """An error about the first word that the grammar does not have there, or about the end of a line too short."""
    token = getattr(error, "token", None)
    ended = (token is not None and token.type == "$END") or error.pos_in_stream is None
    start = len(text.rstrip()) if ended else error.pos_in_stream or 0
    word = "" if ended else re.split(r"\s", text[start:], maxsplit=1)[0]
    missing = "The line ends too early." if text.strip() else "There is no question."
    says = f"'{word[:_SHOWN]}' does not fit here." if word else missing
    if _behind_a_value(error):
        says += ' A text of several words stands in quotes: "Air Charter".'
    return _pointing(text, start, len(word), says, sorted({SPOKEN.get(one, one.lower()) for one in _expected(error)}))


def _expected(error: UnexpectedInput) -> Iterable[str]:
    for name in ("accepts", "expected", "allowed"):
        if found := getattr(error, name, None):
            return set(found)
    return ()


def _behind_a_value(error: UnexpectedInput) -> bool:
    """Whether a bare word to compare with ended just before."""
    history = getattr(error, "token_history", None) or [None]
    return getattr(history[-1], "type", "") == "WORD"


def _pointing(text: str, start: int, length: int, says: str, allowed: list[str]) -> Unparsable:
    parts = [says, "  " + re.sub(r"\s", " ", text), "  " + " " * start + "^" * max(1, length)]
    if allowed:
        parts.append(f"Allowed there: {', '.join(allowed)}.")
    return Unparsable("\n".join(parts), hint=hint(text), at=start, length=length, allowed=allowed)
