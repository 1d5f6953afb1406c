"""An experiment as a table of TOML: under its playbook, or by itself.

name = "spring"
arms = ["a note", "a call"]
shares = [0.7, 0.3]
least = 0.05
span = "12 weeks"
why = "A call brings more back than it costs."
guards = [{ event = "sightline.contact.stopped", within = "14 days" }]
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sightline.kernel.act import tables
from sightline.language.errors import Invalid
from sightline.language.experiment import LEAST, SPAN, Experiment, Watched

_WORDS: Mapping[str, type | tuple[type, ...]] = {
    "name": str, "arms": list, "shares": list, "least": (int, float), "span": str, "guards": list, "why": str,
}  # fmt: skip
_GUARD: Mapping[str, type | tuple[type, ...]] = {
    "question": str, "event": str, "good": str, "within": str, "margin": (int, float),
}  # fmt: skip

WITHIN = "30 days"


def read(where: str, given: Any) -> Experiment:
    """The experiment a table tells; `where` it stands. Raises Invalid naming what is wrong and what was allowed."""
    table = tables.read(where, given, _WORDS, needs=("name", "arms"))
    arms = _all(where, "arms", table["arms"], str)
    shares = _all(where, "shares", table.get("shares", ()), (int, float)) or (1 / max(len(arms), 1),) * len(arms)
    try:
        return Experiment(
            name=table["name"],
            arms=arms,
            shares=tuple(float(one) for one in shares),
            least=float(table.get("least", LEAST)),
            span=tables.span(where, table["span"]) if "span" in table else SPAN,
            guards=tuple(_guard(f"{where}, guard {n}", one) for n, one in enumerate(table.get("guards", ()), 1)),
            why=table.get("why", ""),
        )
    except ValueError as error:
        raise Invalid(f"{where}: {error}") from None


def _guard(where: str, given: Any) -> Watched:
    table = tables.read(where, given, _GUARD, needs=())
    if ("question" in table) == ("event" in table):
        raise Invalid(
            f"{where} watches a question or an event: one of them.", hint='Such as event = "sightline.contact.stopped".'
        )
    if "question" in table and "good" not in table:
        raise Invalid(
            f"{where} does not say which answer to '{table['question']}' is good.", hint="Say `good`: yes or no."
        )
    return Watched(
        question=table.get("question"),
        event=table.get("event"),
        good=tables.one_of(where, "good", table.get("good", "yes"), ("yes", "no")) == "yes",
        within=tables.span(where, table.get("within", WITHIN)),
        margin=float(table.get("margin", 0)),
    )


def _all(where: str, word: str, given: Any, sort: type | tuple[type, ...]) -> tuple[Any, ...]:
    if not all(isinstance(one, sort) and not isinstance(one, bool) for one in given):
        raise Invalid(f"{where}: `{word}` is a list of {'texts' if sort is str else 'numbers'}, and is {given!r}.")
    return tuple(given)
