"""Playbooks as a TOML file that people read, edit and commit: one table per playbook, under its name.

    [own.remind]
    question = "own.ends_late"
    wakes_on = "every day"
    party = "owner"
    whom = "probability above 0.6 and size above 1000"
    capacity = 20

    [[own.remind.choices]]
    name = "a friendly note"
    channel = "crm"
    cost = 2
    saves = 0.01
    text = "{{ key }}, worth {{ worth | money }}, ends on {{ deadline | day }}."

    [[own.remind.follow]]
    name = "a week"
    wait = "7 days"
    unless = "thing.ended"

Mistakes are told by their place, with the nearest word that is allowed.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import tomlkit

from sightline.kernel.act import conditions, experiment_file, tables, templates
from sightline.kernel.act.checking import check
from sightline.kernel.act.templates import Text
from sightline.language.catalog import Catalog
from sightline.language.errors import Invalid
from sightline.language.kind import Kind
from sightline.language.playbook import END, SELF, Ask, Choice, Playbook, Send, Step, Success, Wait
from sightline.language.question import Question, Where

OWN = "own"
"""The table that holds all of them: prefix of the names of playbooks that users declare."""

NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")

_WORDS: Mapping[str, type | tuple[type, ...]] = {
    "question": str, "wakes_on": str, "party": str, "whom": str, "capacity": int, "priority": int,
    "asks_first": bool, "answer_within": str, "by_default": str, "success": str, "choices": list, "follow": list,
    "attribution": str, "choose": str, "hour": str, "experiment": Mapping,
}  # fmt: skip
_CHOICE: Mapping[str, type | tuple[type, ...]] = {
    "name": str, "channel": str, "channels": list, "text": str, "cost": (int, float), "saves": (int, float),
    "gains": (int, float),
}  # fmt: skip
_STEP: Mapping[str, type | tuple[type, ...]] = {
    "name": str, "wait": str, "unless": (str, list), "otherwise": str, "then": str, "send": str,
    "channel": str, "ask": str,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A playbook as a file tells it."""

    playbook: Playbook
    success: Success | None
    text: str
    """Of this one alone, as TOML."""


def parse(text: str, catalog: Catalog, *, name: str = "the file") -> tuple[Read, ...]:
    """The playbooks a TOML text tells, in its order. Raises Invalid naming what is wrong and what was allowed."""
    found = _tables(text)
    if isinstance(found, str):
        raise Invalid(f"{name} is not TOML: {found}.", hint="Texts stand in quotes; no name stands twice.")
    for table in found:
        if table != OWN:
            last = table if NAME.fullmatch(table) else "something"
            raise Invalid(f"{name}: there is no [{table}].", hint=f"Write [{OWN}.{last}].")
    told = found.get(OWN)
    if not isinstance(told, Mapping) or not told:
        raise Invalid(f"{name} holds no playbook.", hint=f"Begin one with [{OWN}.something] and question = ...")
    return tuple(_read(last, given, catalog, name) for last, given in told.items())


@lru_cache(maxsize=1_000)
def _tables(text: str) -> dict[str, Any] | str:
    """What a TOML text tells, or why it is none. Read once: it is asked for at every turn of the loop."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return str(error)


def _read(last: str, given: Any, catalog: Catalog, file: str) -> Read:
    where = f"{file}, {OWN}.{last}"
    if not NAME.fullmatch(last):
        raise Invalid(f"{where}: '{last}' cannot name a playbook.", hint="Names are of a-z, 0-9 and _.")
    table = tables.read(where, given, _WORDS, needs=("question", "wakes_on", "choices"))
    question: Question = tables.placed(where, lambda: catalog.question(table["question"]))
    kind = catalog.kinds.get(question.of)
    names = {one.name for one in kind.attributes} if kind else set()
    playbook = Playbook(
        name=f"{OWN}.{last}",
        question=table["question"],
        wakes_on=table["wakes_on"],
        choices=tuple(_choice(f"{where}, choice {n}", one, names) for n, one in enumerate(table["choices"], 1)),
        party=table.get("party", SELF),
        whom=_whom(where, table.get("whom"), kind),
        follow=tuple(_step(f"{where}, step {n}", one, names) for n, one in enumerate(table.get("follow", ()), 1)),
        capacity=_least(where, "capacity", table.get("capacity"), 1),
        priority=table.get("priority", 0),
        asks_first=table.get("asks_first", False),
        answer_within=tables.span(where, table.get("answer_within", "7 days")),
        attribution=tables.span(where, table["attribution"]) if "attribution" in table else None,
        by_default=tables.one_of(where, "by_default", table.get("by_default", "drop"), ("drop", "act")),  # type: ignore[arg-type]
        choose=tables.one_of(where, "choose", table.get("choose", "value"), ("value", "learned")),  # type: ignore[arg-type]
        hour=tables.one_of(where, "hour", table.get("hour", "now"), ("now", "best")),  # type: ignore[arg-type]
        experiment=experiment_file.read(f"{where}, experiment", table["experiment"]) if "experiment" in table else None,
    )
    success = tables.one_of(where, "success", table["success"], ("yes", "no")) if "success" in table else None
    tables.placed(where, lambda: check(playbook, catalog, measured=success is not None))
    return Read(
        playbook=playbook,
        success=Success(playbook=playbook.name, answer=success == "yes") if success else None,
        text=tomlkit.dumps({OWN: {last: given}}),
    )


def versioned(read: Read, version: int) -> Playbook:
    """The playbook with the version under which it is kept."""
    return replace(read.playbook, version=str(version))


def _choice(where: str, given: Any, attributes: set[str]) -> Choice:
    table = tables.read(where, given, _CHOICE, needs=("name", "text"))
    channels = _channels(where, table)
    return Choice(
        name=table["name"],
        channel=channels[0],
        channels=channels if "channels" in table else (),
        write=_text(where, table["text"], attributes),
        cost=float(table.get("cost", 0)),
        saves=float(table.get("saves", 0)),
        gains=float(table.get("gains", 0)),
    )


def _channels(where: str, table: Mapping[str, Any]) -> tuple[str, ...]:
    """The destination it goes to, or several that it may go to."""
    either = 'Such as channel = "crm", or channels = ["mail", "team"] with the usual one first.'
    if not (table.get("channel") or table.get("channels")):
        raise Invalid(f"{where} lacks `channel`.", hint=either)
    if "channel" in table and "channels" in table:
        raise Invalid(f"{where} says both `channel` and `channels`: one is meant.", hint=either)
    named = table.get("channels", [table.get("channel")])
    if not all(isinstance(one, str) and one for one in named):
        raise Invalid(f"{where}: `channels` names destinations, and is {named!r}.", hint='Such as ["mail", "team"].')
    return tuple(named)


def _step(where: str, given: Any, attributes: set[str]) -> Step:
    table = tables.read(where, given, _STEP, needs=("name",))
    kinds = [one for one in ("wait", "send", "ask") if one in table]
    if len(kinds) != 1:
        raise Invalid(f"{where} ('{table['name']}') must be one of: wait, send, ask.", hint='Such as wait = "3 days".')
    name, then = table["name"], table.get("then")
    _only(where, table, kinds[0])
    if kinds[0] == "wait":
        return Wait(
            name=name, span=tables.span(where, table["wait"]), unless=_events(where, table.get("unless", ())),
            otherwise=table.get("otherwise", END), then=then,
        )  # fmt: skip
    write = _text(where, table[kinds[0]], attributes)
    if kinds[0] == "ask":
        return Ask(name=name, write=write, then=then, otherwise=table.get("otherwise", END))
    return Send(name=name, channel=table.get("channel"), write=write, then=then)


def _events(where: str, given: str | Sequence[Any]) -> tuple[str, ...]:
    events = (given,) if isinstance(given, str) else tuple(given)
    if not all(isinstance(one, str) for one in events):
        raise Invalid(f"{where}: `unless` names events, and is {given!r}.", hint='Such as unless = ["invoice.paid"].')
    return events


_OF_STEP = {"wait": {"unless", "otherwise"}, "send": {"channel"}, "ask": {"otherwise"}}


def _only(where: str, table: Mapping[str, Any], kind: str) -> None:
    allowed = {"name", "then", kind} | _OF_STEP[kind]
    for word in table:
        if word not in allowed:
            raise Invalid(f"{where}: `{word}` says nothing of a step that begins with `{kind}`.",
                          hint=f"Allowed: {', '.join(sorted(allowed))}.")  # fmt: skip


def _whom(where: str, text: str | None, kind: Kind | None) -> tuple[Where, ...]:
    if text is None or kind is None:
        return ()
    found: tuple[Where, ...] = tables.placed(f"{where}, whom", lambda: conditions.read(text, kind))
    return found


def _text(where: str, source: str, attributes: set[str]) -> Text:
    found: Text = tables.placed(where, lambda: templates.read(source, attributes))
    return found


def _least(where: str, word: str, value: int | None, least: int) -> int | None:
    if value is not None and value < least:
        raise Invalid(f"{where}: `{word}` is at least {least}.")
    return value
