"""What happens to a kind's subjects: their own happenings, and those of things that are linked to them.

An order's happenings are its customer's too, as long as the link between them is known. Each occurrence is known in an
interval [since, until): the happening's own, cut to that of the link and, where a value is read, to that of the value.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from sightline.kernel.predict.facts import NEVER, Facts
from sightline.language.kind import Kind, Sort
from sightline.language.question import Where

_SINCE, _UNTIL = pl.col("since"), pl.col("until")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """All occurrences of one event, as they concern the subjects of one kind."""

    event: str
    of: str
    """The kind it concerns."""
    kind: str
    """The kind it happens to: the same, or one that is linked to it."""
    roles: tuple[str, ...] = ()
    """The links by which it concerns them; none where it is their own."""


def streams(of: str, facts: Facts) -> list[Stream]:
    """Everything that happens to subjects of a kind, sorted by event."""
    own = [Stream(event=event, of=of, kind=of) for event in facts.event_types(of)]
    linked = [
        Stream(event=event, of=of, kind=kind.name, roles=roles)
        for kind in facts.kinds.values()
        if kind.name != of and (roles := roles_to(kind, of))
        for event in facts.event_types(kind.name)
    ]
    names = {one.event for one in own}
    return sorted((*own, *(one for one in linked if one.event not in names)), key=lambda one: one.event)


def stream(of: str, event: str, facts: Facts) -> Stream:
    """The stream of one event; of the subjects' own (and perhaps empty) where no linked kind has it."""
    return next((one for one in streams(of, facts) if one.event == event), Stream(event=event, of=of, kind=of))


def roles_to(kind: Kind, of: str) -> tuple[str, ...]:
    """The links by which things of `kind` point at things of the kind `of`."""
    return tuple(link.name for link in kind.links if link.to == of)


def occurrences(one: Stream, facts: Facts) -> pl.DataFrame:
    """position, key, time, since, until (null: still known) of one stream: a row per stretch in which it is known."""
    found = facts.happenings.filter(pl.col("kind") == one.kind, pl.col("type") == one.event)
    found = found.select("position", "key", "time", since="known_from", until="known_until")
    if not one.roles:
        return found
    arrows = facts.links.filter(
        pl.col("kind") == one.kind, pl.col("role").is_in(one.roles), pl.col("to").str.starts_with(f"{one.of}/")
    ).select("key", to=pl.col("to").str.slice(len(one.of) + 1), begins="known_from", ends="known_until")
    # One thing may point at another in several roles; what happened to it concerns that one once.
    arrows = _joined(arrows) if len(one.roles) > 1 else arrows
    return cut(found.join(arrows, on="key")).select("position", key="to", time="time", since="since", until="until")


def _joined(arrows: pl.DataFrame) -> pl.DataFrame:
    """key, to, begins, ends: one interval where several from a thing to the same other overlap or touch."""
    of, ends = ["key", "to"], pl.col("ends").fill_null(NEVER)
    apart = pl.col("begins") > ends.cum_max().shift(1)
    stints = arrows.sort(*of, "begins").with_columns(stint=apart.fill_null(value=True).cum_sum().over(of))
    joined = stints.group_by(*of, "stint", maintain_order=True).agg(pl.col("begins").min(), ends.max())
    return joined.select(*of, "begins", ends=pl.when(pl.col("ends") < NEVER).then("ends"))


def cut(found: pl.DataFrame) -> pl.DataFrame:
    """The part of [since, until) that lies in [begins, ends)."""
    return (
        found.with_columns(since=pl.max_horizontal("since", "begins"), until=pl.min_horizontal("until", "ends"))
        .filter(_UNTIL.is_null() | (_SINCE < _UNTIL))
        .drop("begins", "ends")
    )


def said(found: pl.DataFrame, name: str, facts: Facts) -> pl.DataFrame:
    """The occurrences with `number` and `text` of what they themselves say under `name`; the others are left out."""
    return found.join(facts.said.filter(pl.col("name") == name).drop("name"), on="position")


def read_of(found: pl.DataFrame, one: Stream, name: str, facts: Facts) -> pl.DataFrame:
    """The occurrences with `number` and `text` of a member as features read it.

    What is known of the thing counts for an event that does not say it only where that was declared: else one event
    that is the first to say a name would change what was read of all before it.
    """
    return valued(found, one, name, facts) if owned(one, name, facts) else said(found, name, facts)


def owned(one: Stream, name: str, facts: Facts) -> bool:
    """Whether a member is read of the linked thing where its event does not say it."""
    kind = facts.kinds.get(one.kind)
    return bool(one.roles) and kind is not None and kind.attribute(name) is not None


def valued(found: pl.DataFrame, one: Stream, name: str, facts: Facts) -> pl.DataFrame:
    """The occurrences with `number` and `text` of what they say under `name`: what the event says itself, or what
    was known of the thing it happened to. Occurrences that say nothing of it are left out.
    """
    told = said(found, name, facts)
    rest = found.join(told.select("position").unique(), on="position", how="anti")
    if rest.is_empty():
        return told
    where = facts.happenings.filter(pl.col("kind") == one.kind, pl.col("type") == one.event)
    versions = facts.attributes.filter(pl.col("kind") == one.kind, pl.col("name") == name)
    versions = versions.select("number", "text", thing="key", begins="known_from", ends="known_until")
    owned = rest.join(where.select("position", thing="key"), on="position").join(versions, on="thing").drop("thing")
    return pl.concat([told, cut(owned).select(told.columns)])


def members(one: Stream, facts: Facts) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The members worth reading of a stream's occurrences: those that are numbers, and those that are categories.

    What is declared of linked things to which the events happen, by name, then what the events say themselves, in the
    order in which it was first said: what comes later comes last. Of what is undeclared each value is read as it is.
    """
    kind = facts.kinds.get(one.kind)
    declared = {a.name: a.sort for a in kind.attributes} if kind else {}
    these = facts.happenings.filter(pl.col("kind") == one.kind, pl.col("type") == one.event)
    said = facts.said.join(these.select("position", "known_from"), on="position")
    numeric = pl.col("number").is_not_null()
    seen = said.group_by("name", numeric=numeric).agg(first=pl.col("known_from").min()).sort("first", "name")
    sorts = [(name, sort) for name, sort in sorted(declared.items()) if one.roles]
    for name, is_number, _ in seen.iter_rows():
        sorts.append((name, declared.get(name, Sort.NUMBER if is_number else Sort.CATEGORY)))
    numbers = tuple(dict.fromkeys(name for name, sort in sorts if sort in {Sort.NUMBER, Sort.FLAG}))
    return numbers, tuple(dict.fromkeys(name for name, sort in sorts if sort is Sort.CATEGORY))


def filtered(found: pl.DataFrame, one: Stream, conditions: Iterable[Where], facts: Facts) -> pl.DataFrame:
    """The occurrences that meet all conditions, while they do."""
    for condition in conditions:
        met = valued(found, one, condition.name, facts).filter(meets(condition))
        found = met.drop("number", "text")
    return found


def meets(condition: Where) -> pl.Expr:
    """Whether `number` or `text` meets a condition; what is unknown does not."""
    value, number, text = condition.value, pl.col("number"), pl.col("text")
    if condition.test in {"above", "below"}:
        return (number > value if condition.test == "above" else number < value).fill_null(value=False)
    same = text == value if isinstance(value, str) else number == float(value)
    known = number.is_not_null() | text.is_not_null()
    wanted = same.fill_null(value=False)
    return wanted if condition.test == "is" else known & ~wanted
