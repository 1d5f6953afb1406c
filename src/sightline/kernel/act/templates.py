"""Texts with places to fill in: `Invoice {{ key }} over {{ worth | money }} is due on {{ deadline | day }}.`

Written with Jinja2 in its sandbox, since whoever may change a playbook need not be trusted with the process. What a
place may name is checked when the text is read, not when somebody waits for it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from datetime import datetime
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from sightline.language.errors import Invalid
from sightline.language.playbook import Situation

UNKNOWN = "unknown"
"""What stands where nothing is known."""

_FIELDS = tuple(one.name for one in fields(Situation) if one.name not in {"attributes", "links"})
NAMES = (*_FIELDS, "key", "kind", "it", "links")
"""What a text may name; `it` has the attributes of the subject, `links` whom it is linked to."""

MOST = 10_000
"""Characters of a text."""


class Text:
    """A text with places: called with a situation it gives what is said.

    Raises Invalid where a place cannot be filled.
    """

    def __init__(self, source: str, template: Template, literals: tuple[Any, ...] = ()) -> None:
        self.source = source
        self.literals = literals
        """What it says of its own, beside its places."""
        self._template = template

    def __call__(self, situation: Situation) -> str:
        """The text for one subject."""
        given: dict[str, Any] = {name: getattr(situation, name) for name in _FIELDS}
        given |= {"key": situation.subject.key, "kind": situation.subject.kind}
        given |= {"it": dict(situation.attributes), "links": dict(situation.links)}
        try:
            return self._template.render(given)[:MOST]
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
            raise Invalid(f"Its text cannot be written about {situation.subject}: {error}.") from None


def read(source: str, attributes: Collection[str]) -> Text:
    """A text about subjects with these attributes. Raises Invalid that names what is wrong and what may be named."""
    if not source.strip() or len(source) > MOST:
        raise Invalid(f"A text has 1 to {MOST:,} characters.")
    try:
        tree = _environment().parse(source)
    except TemplateSyntaxError as error:
        raise Invalid(f"Line {error.lineno} of its text: {error.message}.", hint=_HINT) from None
    _must_be_plain(tree)
    unknown = sorted(meta.find_undeclared_variables(tree) - set(NAMES))
    if unknown:
        raise Invalid(f"Its text names `{unknown[0]}`, which is nothing.", hint=f"It may name: {', '.join(NAMES)}.")
    for one in _of_it(tree):
        if one not in attributes:
            allowed = ", ".join(sorted(attributes)) or "none"
            raise Invalid(f"Its text names `it.{one}`, which no such subject has.", hint=f"Attributes: {allowed}.")
    try:
        return Text(source, _compiled(source), _literals(tree))
    except TemplateError as error:
        raise Invalid(f"Its text: {error}.", hint=_HINT) from None


_HINT = "Places are written {{ key }}, amounts {{ worth | money }}, shares {{ probability | percent }}."


_PLAIN = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr, nodes.Getitem),
    *(nodes.Filter, nodes.If, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Test),
)
_FILTERS = ("money", "percent", "day", "default", "first", "join", "last", "length", "lower", "round", "title", "upper")
"""What a text may be made of: places, filters and conditions. Whoever may write one shares a process with everybody,
and a loop or a power in it would hold up all of them.
"""


def _must_be_plain(tree: nodes.Template) -> None:
    for one in tree.find_all(nodes.Node):
        if not isinstance(one, _PLAIN):
            said = type(one).__name__.lower()
            raise Invalid(f"Its text holds a `{said}`: it may hold places, filters and conditions only.", hint=_HINT)
        if isinstance(one, nodes.Filter) and one.name not in _FILTERS:
            raise Invalid(f"Its text names the filter `{one.name}`.", hint=f"There are: {', '.join(_FILTERS)}.")


def _literals(tree: nodes.Template) -> tuple[Any, ...]:
    said = [one.data for one in tree.find_all(nodes.TemplateData)]
    return (*said, *(one.value for one in tree.find_all(nodes.Const)))


def _of_it(tree: nodes.Template) -> set[str]:
    """The attributes of the subject that a text names."""
    return {
        one.attr for one in tree.find_all(nodes.Getattr) if isinstance(one.node, nodes.Name) and one.node.name == "it"
    }


@lru_cache(maxsize=1_000)
def _compiled(source: str) -> Template:
    return _environment().from_string(source)


@lru_cache(maxsize=1)
def _environment() -> ImmutableSandboxedEnvironment:
    made = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False, finalize=_told)
    made.filters |= {"money": _money, "percent": _percent, "day": _day}
    return made


def _told(value: Any) -> Any:
    return UNKNOWN if value is None else value


def _money(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:,.2f}"


def _percent(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:.0%}"


def _day(value: datetime | str | None) -> str:
    if value is None:
        return UNKNOWN
    return f"{value:%d %b %Y}" if isinstance(value, datetime) else str(value)
