"""Project the ledger: what happened to whom, who is linked to whom, and how everything stands now.

Set-based SQL over a stretch of positions. The same statements fill the tables in use and, for a rebuild, their
shadows. An event is visible from its `known_at` until a later revision of its chain is known (`known_until`);
among visible facts about one attribute the last known wins, ties by position.
"""

from __future__ import annotations

from dataclasses import dataclass

from sightline.foundation.db.session import Transaction
from sightline.foundation.turn import Turn
from sightline.language.event import DERIVED, LINKS


@dataclass(frozen=True, slots=True)
class Tables:
    """Names of the projection's tables: those in use, or their shadows."""

    occurrences: str = "sightline.occurrences"
    links: str = "sightline.links"
    entities: str = "sightline.entities"

    @classmethod
    def shadow(cls) -> Tables:
        """The tables a rebuild fills beside those in use."""
        return cls(*(f"{name}_next" for name in (cls().occurrences, cls().links, cls().entities)))


async def project(turn: Turn) -> None:
    """Take a batch of the ledger into the tables in use."""
    await project_span(turn.tx, Tables(), turn.batch.tenant, turn.batch.after, turn.batch.last)


async def project_span(tx: Transaction, into: Tables, tenant: int, after: int, last: int) -> None:
    """Take the positions (after, last] of one tenant into `into`."""
    span = {"t": tenant, "after": after, "last": last}
    taken = await tx.run(_OCCURRENCES.format(into=into), **span)
    await tx.run(_LINKS.format(into=into), **span)
    if taken >= MANY:
        await tx.run(f"select sightline.refresh_statistics('{into.occurrences}', '{into.links}', '{into.entities}')")
    chains = await _chains(tx, into, span)
    if chains["roots"]:
        await tx.run(_SUPERSEDE.format(into=into), t=tenant, **chains)
        await tx.run(_LINKS_SUPERSEDE.format(into=into), t=tenant, **chains)
    await tx.run(_ENTITIES.format(into=into), **span, **chains)


async def _chains(tx: Transaction, into: Tables, span: dict[str, int]) -> dict[str, list[str]]:
    """The chains of which this stretch brings a part and which have more than one event: only they can change.

    Looked up one by one by their index: a join planned over everything there is would read all of it for each stretch.
    """
    await tx.run(_JOINS, how="off")
    rows = await tx.rows(_CHAINS.format(into=into), **span)
    await tx.run(_JOINS, how="on")
    return {"sources": [row["source"] for row in rows], "roots": [row["root"] for row in rows]}


MANY = 100
"""After fewer events the planner's statistics are left to the database."""

_JOINS = "select set_config('enable_hashjoin', :how, true), set_config('enable_mergejoin', :how, true)"

_OCCURRENCES = """
insert into {into.occurrences} (tenant, kind, key, position, source, id, root, type, time, known_at, data)
select tenant, kind, key, position, source, id, root, type, time, known_at, data
from sightline.ledger where tenant = :t and position > :after and position <= :last
"""

_CHAINS = """
select distinct o.source, o.root from {into.occurrences} o
join sightline.ledger l on l.tenant = o.tenant and l.source = o.source and l.root = o.root and l.position <> o.position
where l.tenant = :t and l.position > :after and l.position <= :last and o.tenant = :t
"""

_SUPERSEDE = """
with chain as materialized (
  select * from unnest(cast(:sources as text[]), cast(:roots as text[])) as c(source, root)
), ordered as materialized (
  select o.kind, o.key, o.position,
    lead(o.known_at) over (partition by o.source, o.root order by o.known_at, o.position) as until
  from {into.occurrences} o join chain using (source, root) where o.tenant = :t
)
update {into.occurrences} o set known_until = ordered.until
from ordered where o.tenant = :t and o.kind = ordered.kind and o.key = ordered.key and o.position = ordered.position
  and o.known_until is distinct from ordered.until
"""

_LINKS = f"""
insert into {{into.links}} (tenant, kind, key, role, to_kind, to_key, position, known_at)
select l.tenant, l.kind, l.key, r.role, split_part(r.ref, '/', 1), substr(r.ref, strpos(r.ref, '/') + 1),
       l.position, l.known_at
from sightline.ledger l, jsonb_each_text(l.data -> '{LINKS}') as r(role, ref)
where l.tenant = :t and l.position > :after and l.position <= :last and l.data ? '{LINKS}'
  and not starts_with(l.type, '{DERIVED}')
"""

_LINKS_SUPERSEDE = """
with chain as materialized (
  select * from unnest(cast(:sources as text[]), cast(:roots as text[])) as c(source, root)
)
update {into.links} k set known_until = o.known_until
from {into.occurrences} o join chain using (source, root)
where k.tenant = :t and o.tenant = :t and o.position = k.position and k.known_until is distinct from o.known_until
"""

# Touched: who the stretch speaks of, whom it links to, and the same of whatever else stands in its chains (a correction
# may speak of somebody else than what it corrects).
_TOUCHED = """
with chain as materialized (
  select * from unnest(cast(:sources as text[]), cast(:roots as text[])) as c(source, root)
), spoken as materialized (
  select position from sightline.ledger where tenant = :t and position > :after and position <= :last
  union select o.position from {into.occurrences} o join chain using (source, root) where o.tenant = :t
), touched as materialized (
  select kind, key from sightline.ledger where tenant = :t and position > :after and position <= :last
  union select o.kind, o.key from {into.occurrences} o join chain using (source, root) where o.tenant = :t
  union select k.to_kind, k.to_key from {into.links} k join spoken using (position) where k.tenant = :t
)
"""

_ENTITIES = (
    _TOUCHED
    + f""", visible as materialized (
  select o.kind, o.key, o.position, o.known_at, o.data from {{into.occurrences}} o join touched using (kind, key)
  where o.tenant = :t and not starts_with(o.type, '{DERIVED}') and (o.known_until is null)
), folded as (
  select kind, key, jsonb_object_agg(name, value) filter (where value <> 'null') as attributes from (
    select distinct on (kind, key, name) kind, key, name, value
    from visible, jsonb_each(visible.data - '{LINKS}') as a(name, value)
    order by kind, key, name, known_at desc, position desc) latest
  group by kind, key
), linked as (
  select kind, key, jsonb_object_agg(role, to_kind || '/' || to_key) as links from (
    select distinct on (kind, key, role) k.kind, k.key, k.role, k.to_kind, k.to_key
    from {{into.links}} k join touched using (kind, key) where k.tenant = :t and k.known_until is null
    order by kind, key, role, known_at desc, position desc) latest
  group by kind, key
), born as (
  select touched.kind, touched.key, least(
    (select min(o.known_at) from {{into.occurrences}} o where o.tenant = :t and o.kind = touched.kind
       and o.key = touched.key and not starts_with(o.type, '{DERIVED}')
       and (o.known_until is null or o.known_until > o.known_at)),
    (select k.known_at from {{into.links}} k where k.tenant = :t and k.to_kind = touched.kind
       and k.to_key = touched.key and (k.known_until is null or k.known_until > k.known_at)
     order by k.known_at limit 1)) as at
  from touched
), gone as (
  delete from {{into.entities}} e using born
  where e.tenant = :t and e.kind = born.kind and e.key = born.key and born.at is null
)
insert into {{into.entities}} (tenant, kind, key, exists_from, attributes, links)
select :t, born.kind, born.key, born.at, coalesce(folded.attributes, '{{{{}}}}'), coalesce(linked.links, '{{{{}}}}')
from born left join folded using (kind, key) left join linked using (kind, key) where born.at is not null
on conflict (tenant, kind, key) do update
set exists_from = excluded.exists_from, attributes = excluded.attributes, links = excluded.links
"""
)
