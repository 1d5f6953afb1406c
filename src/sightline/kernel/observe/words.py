"""The words by which a proposal guesses what a column is: the kernel knows their uses, the vocabulary the words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words found in headers and file names, in small letters, singular. A guess made by them is always shown."""

    things: Mapping[str, str] = field(default_factory=dict)
    """Words for things worth a link, to the name of their kind (abbreviations too)."""
    persons: frozenset[str] = frozenset()
    """Kinds whose things are natural persons."""
    identifiers: frozenset[str] = frozenset()
    """Words that say a column names something: id, no, code."""
    naming: frozenset[str] = frozenset()
    """Words that say a column calls something by its name: name, title, description."""
    verbs: Mapping[str, str] = field(default_factory=dict)
    """Words for what happens, to the past participle: close is closed."""
    endings: frozenset[str] = frozenset()
    """Participles that say nothing about the start of a thing: closed, paid."""
    plans: frozenset[str] = frozenset()
    """Words of dates that are intended, not happened: due, expected."""
    recorded: frozenset[str] = frozenset()
    """Words of dates at which something was written down: recorded, entered."""
    clock: frozenset[str] = frozenset()
    """Words that say a column holds time: date, timestamp."""
    filler: frozenset[str] = frozenset()
    """Words that name nothing: of, to, first, data, export."""
    money: frozenset[str] = frozenset()
    """Words for amounts of money."""
    personal: frozenset[str] = frozenset()
    """Words for personal data: email, phone, surname, birth."""
    nothing: frozenset[str] = frozenset()
    """Cells that stand for nothing: n/a, null."""
