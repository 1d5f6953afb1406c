"""Destinations that want to know what happens: each event they subscribed to is put into the one outbox, once.

What is told is read by machines, so it speaks to nobody: it counts for no policy of contacts, it is no action, and its
delivery is no event in its turn, lest the loop feed on itself.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sightline.foundation import ledger
from sightline.foundation.db.session import Transaction
from sightline.foundation.turn import Turn
from sightline.kernel.act import outbox
from sightline.kernel.act.channels.webhook import Webhook
from sightline.language import derived
from sightline.language.catalog import Catalog
from sightline.language.errors import Conflict, Invalid
from sightline.language.event import DERIVED

ANY = "*"
"""Stands in a pattern for any characters."""

PATTERN = re.compile(r"[^\s\0]{1,200}")
MOST = 100
"""Patterns of one destination, and kinds."""

LATEST = 100_000
"""So many of the newest events are looked at for types that nobody declared."""

MOST_REPLAYED = 100_000
"""Events sent again by one call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What a destination wants to be told; nothing where it names no events."""

    events: tuple[str, ...] = ()
    """Types, or patterns such as `thing.*`. Sightline's own are meant by those that begin with `sightline.` alone."""
    about: tuple[str, ...] = ()
    """Kinds of subjects; none: all."""

    def matches(self, type_: str, kind: str | None = None) -> bool:
        """Whether it means events of this type, of subjects of this kind (None: of any)."""
        fits = kind is None or not self.about or kind in self.about
        return fits and any(_means(one, type_) for one in self.events)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """Events that are sent again, or would be."""

    events: int
    first: datetime | None
    """When the first of them was recorded."""
    last: datetime | None


def _means(pattern: str, type_: str) -> bool:
    own = type_.startswith(DERIVED) == pattern.startswith(DERIVED)
    return own and re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), type_) is not None


def _like(pattern: str) -> str:
    """As SQL has it."""
    return re.sub(r"([\\%_])", r"\\\1", pattern).replace(ANY, "%")


async def subscribe(tx: Transaction, catalog: Catalog, name: str, wanted: Subscription) -> None:
    """Tell a destination from now on what it wants, in the place of what it wanted before.

    Raises NotFound, and Invalid where it is no destination of webhooks, or wants what never happens.
    """
    await _must_be_webhooks(tx, name)
    if wanted.events or wanted.about:
        await check(tx, catalog, wanted)
    await tx.run(
        "update sightline.destinations set events = :events, about = :about, told_after = :after"
        " where tenant = :t and name = :n",
        t=tx.tenant, n=name, events=list(wanted.events), about=list(wanted.about),
        after=await ledger.last_position(tx),
    )  # fmt: skip


async def _must_be_webhooks(tx: Transaction, name: str) -> Any:
    row = await tx.row(
        "select channel, events, about, disabled_at from sightline.destinations where tenant = :t and name = :n"
        " for update",
        t=tx.tenant, n=name,
    )  # fmt: skip
    if row is None:
        raise await outbox.unknown(tx, name)
    if row["channel"] != Webhook.name:
        raise Invalid(
            f"'{name}' is a destination of {row['channel']}, which is read by people.",
            hint="Events are told to destinations of webhooks: sightline destinations add NAME https://...",
        )
    return row


async def check(tx: Transaction, catalog: Catalog, wanted: Subscription) -> None:
    """Raises Invalid where any of it could never be met, naming what there is."""
    if not wanted.events:
        raise Invalid("Kinds of subjects, and no events.", hint="Name events; `*` means all that is observed.")
    if max(len(wanted.events), len(wanted.about)) > MOST:
        raise Invalid(f"More than {MOST} patterns or kinds.", hint="A `*` stands for many.")
    pairs = await _known(tx, catalog)
    kinds = {kind for _, kind in pairs if kind} | set(catalog.kinds)
    for kind in wanted.about:
        if kind not in kinds:
            raise Invalid(f"There are no subjects of the kind '{kind}'.", hint=_known_are(kinds))
    for pattern in wanted.events:
        _must_happen(pattern, wanted.about, pairs)


def _must_happen(pattern: str, about: Sequence[str], pairs: Collection[tuple[str, str | None]]) -> None:
    if not PATTERN.fullmatch(pattern):
        raise Invalid(f"{pattern[:80]!r} is no pattern of events.", hint="Such as thing.seen, thing.* or *.seen.")
    one = Subscription(events=(pattern,), about=tuple(about))
    meant = {(type_, kind) for type_, kind in pairs if _means(pattern, type_)}
    if any(one.matches(type_, kind) for type_, kind in meant):
        return
    if meant:
        of = ", ".join(sorted({kind for _, kind in meant if kind}))
        raise Invalid(f"'{pattern}' happens to {of}, never to {' or '.join(about)}.", hint="Leave out the kinds.")
    own = pattern.startswith(DERIVED)
    types = {type_ for type_, _ in pairs if type_.startswith(DERIVED) == own}
    raise Invalid(
        f"Nothing that '{pattern}' means has ever happened, and no import or pack declares it.",
        hint=_known_are(types) + ("" if own else f" Sightline's own begin with {DERIVED} and are named so."),
    )


def _known_are(names: Collection[str]) -> str:
    some = sorted(names)
    return f"Known: {', '.join(some[:40]) or 'none'}{' and more' if len(some) > 40 else ''}."


async def _known(tx: Transaction, catalog: Catalog) -> set[tuple[str, str | None]]:
    """Types with the kinds they happen to: declared ones, Sightline's own (to any), and those that came lately."""
    rows = await tx.rows(
        "select distinct type, kind from (select type, kind from sightline.ledger where tenant = :t"
        " order by position desc limit :latest) l where not starts_with(type, :own)",
        t=tx.tenant, latest=LATEST, own=DERIVED,
    )  # fmt: skip
    declared = {(one.name, one.of) for one in catalog.events.values()}
    return declared | {(name, None) for name in derived.ALL} | {(row["type"], row["kind"]) for row in rows}


# By name and event: what is called the same here stays the same however often it is told.
_MEANT = """
select l.*, d.name, 'msg_' || left(encode(sha256(convert_to(
    jsonb_build_array($1::int, d.name, l.source, l.id)::text, 'UTF8')), 'hex'), 32) as called
from sightline.ledger l join (select s.name, array_agg(s.pattern) as patterns from
    unnest($2::text[], $3::text[]) s(name, pattern) group by s.name) d on true
where l.tenant = $1 and exists (select from unnest(d.patterns) p where l.type like p
    and starts_with(l.type, 'sightline.') = starts_with(p, 'sightline.'))
"""

_AS_TOLD = "to_char({} at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"

_BODY = f"""
json_build_object('type', m.type, 'timestamp', {_AS_TOLD.format("m.time")}, 'data', json_build_object(
  'id', m.id, 'source', m.source, 'subject', m.kind || '/' || m.key, 'time', {_AS_TOLD.format("m.time")},
  'known_at', {_AS_TOLD.format("m.known_at")}, 'recorded_at', {_AS_TOLD.format("m.recorded_at")},
  'position', m.position, 'cause', m.cause, 'revises', m.revises, 'data', m.data))::text
"""

_PUT = f"""
insert into sightline.deliveries as o (tenant, key, id, destination, receiver, subject, text, event)
select $1, 'event:' || m.called, m.called, m.name, '{derived.SELF}/events', m.kind || '/' || m.key, {_BODY}, m.type
from meant m order by m.position
"""

_TELL = f"""
with meant as ({_MEANT}
  and l.position > $4 and l.position <= $5 and exists (select from sightline.destinations w
    where w.tenant = $1 and w.name = d.name and l.position > w.told_after
      and (w.about = '{{}}' or l.kind = any(w.about))))
{_PUT} on conflict do nothing
"""


async def publish(turn: Turn) -> None:
    """Put what happened into the outbox for each destination that wants to know; nothing where none does.

    One that is switched off is told nothing meanwhile: what it missed can be sent again.
    """
    rows = await turn.tx.rows(
        "select name, events from sightline.destinations where tenant = :t and events <> '{}' and disabled_at is null"
        " order by name for key share",
        t=turn.tx.tenant,
    )  # fmt: skip
    if not rows:
        return
    driver = await turn.tx.driver()
    names, patterns = _flat([(row["name"], row["events"]) for row in rows])
    batch = turn.batch
    done = await driver.execute(_TELL, turn.tx.tenant, names, patterns, batch.after, batch.last)
    if done != "INSERT 0 0":
        await outbox.announce(turn.tx)


def _flat(wanted: Sequence[tuple[str, Sequence[str]]]) -> tuple[list[str], list[str]]:
    """Names and patterns side by side."""
    both = [(name, _like(one)) for name, events in wanted for one in events]
    return [name for name, _ in both], [pattern for _, pattern in both]


_SPAN = f"""
with meant as ({_MEANT}
  and l.recorded_at >= $4 and l.recorded_at < $5 and ($6::text[] = '{{}}' or l.kind = any($6)))
"""

_COUNT = f"{_SPAN} select count(*) as events, min(recorded_at) as first, max(recorded_at) as last from meant"

_AGAIN = f"""
{_SPAN} {_PUT} on conflict (tenant, key) do update set state = 'waiting', attempts = 0,
  not_before = clock_timestamp(), ended_at = null, problem = '', hint = '', sent_again = o.sent_again + 1
where o.state in ('done', 'dead')
"""


async def replay(
    tx: Transaction, catalog: Catalog, name: str, *, since: datetime, until: datetime,
    wanted: Subscription | None = None, dry: bool = False,
) -> Replayed:  # fmt: skip
    """Send a destination what was recorded from `since` to before `until` again, under the names it had.

    Args: `wanted` None means what the destination subscribed to; `dry` only counts. What waits to be sent already is
    counted, and sent once.

    Raises NotFound; Invalid where it is no destination of webhooks, wants nothing, or that would be too many; Conflict
    where it is switched off.
    """
    row = await _must_be_webhooks(tx, name)
    if wanted is None:
        wanted = Subscription(events=tuple(row["events"]), about=tuple(row["about"]))
        if not wanted.events:
            raise Invalid(f"'{name}' subscribed to nothing.", hint="Say which: --event NAME, or subscribe it to some.")
    else:
        await check(tx, catalog, wanted)
    if since >= until:
        raise Invalid(f"Nothing lies between {since:%Y-%m-%d %H:%M} and {until:%Y-%m-%d %H:%M}.")
    if row["disabled_at"] is not None and not dry:
        raise Conflict(f"'{name}' is switched off.", hint=f"Switch it on first: sightline destinations on {name}")
    names, patterns = _flat([(name, wanted.events)])
    driver = await tx.driver()
    given = (tx.tenant, names, patterns, since, until, list(wanted.about))
    found = Replayed(**dict(await driver.fetchrow(_COUNT, *given)))
    if dry:
        return found
    if found.events > MOST_REPLAYED:
        raise Invalid(f"{found.events:,} events; {MOST_REPLAYED:,} is the most at once.", hint="Take a shorter span.")
    await driver.execute(_AGAIN, *given)
    await outbox.announce(tx)
    return found
