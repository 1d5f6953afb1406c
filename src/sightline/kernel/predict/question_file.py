"""Questions as a small TOML file that people read, edit and commit: one table per question, under its name.

    [own.leaves]
    line = "predict absent order.placed within 90 days for customer every 30 days active 180 days"
    asks = "Will this customer stay away?"
    yes = "leaves"
    no = "stays"

Mistakes are told by their place, with the nearest word that is allowed. What the lines say is checked against what is
declared where that is known.
"""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from sightline.kernel.predict.language import canonical
from sightline.language.errors import Invalid, NotFound
from sightline.language.question import Question

OWN = "own"
"""The table that holds all of them: prefix of the names of questions that users ask."""

NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")
"""How a name goes on behind the prefix."""

HEAD = """\
# Questions to ask: `sightline questions --add FILE` remembers and trains them, with --check it only counts.
#   line     the question itself; `asks` as a person would put it
#   yes, no  what people call the answers;  unit  in what a quantity is counted
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A question as a file tells it."""

    name: str
    """`own.something`."""
    line: str
    asks: str | None = None
    """As a person would put it; None: made from the line."""
    yes: str | None = None
    no: str | None = None
    """What people call the answers."""
    unit: str | None = None


_WORDS = tuple(one.name for one in fields(Told) if one.name != "name")


def load(path: Path) -> tuple[Told, ...]:
    """The questions in a file. Raises NotFound, or Invalid naming what is wrong and what was allowed."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise NotFound(f"There is no file '{path}'.", hint="`sightline questions --toml` writes one.") from None
    except (UnicodeDecodeError, IsADirectoryError):
        raise Invalid(f"'{path}' holds no questions.", hint="They stand in a TOML file in UTF-8.") from None
    return parse(text, name=path.name)


def parse(text: str, *, name: str = "the file") -> tuple[Told, ...]:
    """The questions a TOML text tells, in its order. Raises Invalid naming what is wrong and what was allowed."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid(f"{name} is not TOML: {error}.", hint="Texts stand in quotes; no name stands twice.") from None
    for table in found:
        if table != OWN:
            near, last = _near(table, [OWN]), table if NAME.fullmatch(table) else "something"
            raise Invalid(f"{name}: there is no [{table}].{near}", hint=f"Write [{OWN}.{last}].")
    told = found.get(OWN, {})
    if not isinstance(told, dict) or not told:
        raise Invalid(f"{name} holds no question.", hint=f'Begin one with [{OWN}.something] and line = "predict ...".')
    return tuple(_told(last, given, name) for last, given in told.items())


def _told(last: str, given: Any, name: str) -> Told:
    where = f"{name}, {OWN}.{last}"
    if not NAME.fullmatch(last):
        raise Invalid(f"{where}: '{last}' cannot name a question.", hint="Names are of a-z, 0-9 and _.")
    if not isinstance(given, Mapping):
        raise Invalid(f"{where} must be a table.", hint=f'Write [{OWN}.{last}] and below it line = "predict ...".')
    for word, value in given.items():
        if word not in _WORDS:
            raise Invalid(f"{where}: there is no `{word}`.{_near(word, _WORDS)}", hint=f"Allowed: {', '.join(_WORDS)}.")
        if not isinstance(value, str) or "\0" in value:
            raise Invalid(f"{where}: `{word}` must be a text, and is {value!r}.")
    if "line" not in given:
        raise Invalid(f"{where} lacks `line`.", hint='Write line = "predict ...".')
    return Told(name=f"{OWN}.{last}", **given)


def _near(name: str, allowed: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, allowed, n=1, cutoff=0.5)
    return f" Did you mean `{near[0]}`?" if near else ""


def told(question: Question) -> Told:
    """A question of the user's own as a file tells it."""
    words = {"asks": question.asks, "yes": question.yes, "no": question.no, "unit": question.unit}
    return Told(name=question.name, line=canonical(question), **words)


def text_of(questions: Iterable[Told]) -> str:
    """The questions as TOML, which `parse` reads as the same ones."""
    parts = [HEAD.rstrip()]
    for one in questions:
        parts += ["", f"[{one.name}]"]
        parts += [f"{word} = {_quoted(value)}" for word in _WORDS if (value := getattr(one, word)) is not None]
    return "\n".join(parts) + "\n"


def _quoted(text: str) -> str:
    # A JSON string is a TOML basic string, but for DEL, which TOML wants escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
