"""How often the lake merged files, told by the database itself: every file that ever counted is noted by its commit."""

from __future__ import annotations

from sightline.kernel.desk import Desk

_NOTE = """
create schema storm;
create table storm.files (tenant int not null, first bigint not null, last bigint not null);
create function storm.note() returns trigger language plpgsql security definer as $$
begin
  insert into storm.files values (new.tenant, new.first, new.last);
  return null;
end $$;
create trigger storm after insert on sightline.lake_files for each row execute function storm.note();
"""

_MERGES = """
select count(*) from storm.files whole where exists (
  select from storm.files part where part.tenant = whole.tenant and part.first >= whole.first
    and part.last <= whole.last and (part.first, part.last) <> (whole.first, whole.last))
"""


async def note(desk: Desk) -> None:
    """Note every file of the lake from now on."""
    async with desk.owner.transaction(None) as tx:
        await (await tx.driver()).execute(_NOTE)


async def count(desk: Desk) -> int:
    """How many files held what others held before them."""
    async with desk.owner.transaction(None) as tx:
        return int(await tx.value(_MERGES))
