"""Files into a real ledger: read twice, longer, changed, taken back, broken off in the middle."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sightline.foundation.tenants import Tenant
from sightline.kernel.desk import Desk, importing, reading
from sightline.kernel.observe import imports, mapping_file, staging
from sightline.kernel.observe.imports import Imported
from sightline.kernel.observe.mapping import Mapping
from sightline.language.errors import Conflict, Invalid, NotFound
from sightline.language.kind import Sort
from sightline.language.ref import Ref
from sightline.testing import make

MAPPING = mapping_file.parse(
    """
source = "jobs"
kind = "job"
key = "id"

[events]
"job.sent" = { time = "sent" }
"job.done" = { time = "done", begins = false }

[columns]
"size" = { sort = "number" }
"site" = { link = "site" }
"""
)
HEADER = "id,sent,done,size,site\n"
FIRST = HEADER + "a,2015-01-05,2015-02-01,10,north\nb,2015-01-06,,20,south\n"
LONGER = FIRST + "c,2015-01-07,,30,north\n"
CHANGED = FIRST.replace("20,south", "25,south")


async def take(
    desk: Desk, tenant: Tenant, folder: Path, text: str, *, mapping: Mapping = MAPPING, **how: Any
) -> Imported:
    file = folder / "jobs.csv"
    file.write_text(text, encoding="utf-8")
    return await importing.import_file(desk, tenant, file, mapping, **how)


async def ledger_of(desk: Desk, tenant: Tenant) -> list[tuple[str, str]]:
    async with desk.db.transaction(tenant.number) as tx:
        rows = await tx.rows(
            "select type, id from sightline.ledger where tenant = :t and source = 'jobs' order by position",
            t=tx.tenant,
        )
    return [(row["type"], row["id"]) for row in rows]


async def size(desk: Desk, tenant: Tenant, key: str = "b", *, as_of: datetime | None = None) -> Any:
    found = await reading.thing(desk, tenant, Ref("job", key), as_of=as_of)
    return found.attributes.get("size")


async def test_a_file_read_twice_adds_nothing(desk: Desk, workspace: Tenant, tmp_path: Path) -> None:
    first = await take(desk, workspace, tmp_path, FIRST)
    before = await ledger_of(desk, workspace)
    again = await take(desk, workspace, tmp_path, FIRST)
    assert (first.rows, first.events, first.quarantined) == (2, 5, 0)
    assert (again.events, again.repeated) == (0, 5)
    assert await ledger_of(desk, workspace) == before


async def test_a_longer_file_adds_the_difference(desk: Desk, workspace: Tenant, tmp_path: Path) -> None:
    await take(desk, workspace, tmp_path, FIRST)
    longer = await take(desk, workspace, tmp_path, LONGER)
    assert (longer.events, longer.repeated, longer.revised) == (2, 5, 0)
    assert await size(desk, workspace, "c") == 30


async def test_a_changed_cell_is_a_revision_known_from_now_on(desk: Desk, workspace: Tenant, tmp_path: Path) -> None:
    await take(desk, workspace, tmp_path, FIRST)
    before = desk.now(workspace)
    changed = await take(desk, workspace, tmp_path, CHANGED)
    assert (changed.events, changed.revised, changed.repeated) == (1, 1, 4)
    assert await size(desk, workspace) == 25
    assert await size(desk, workspace, as_of=before) == 20


async def test_an_import_taken_back_is_gone_at_every_day(desk: Desk, workspace: Tenant, tmp_path: Path) -> None:
    done = await take(desk, workspace, tmp_path, FIRST)
    undone = await importing.undo(desk, workspace, done.batch)
    assert (undone.retracted, undone.restored) == (5, 0)
    for day in (None, datetime(2015, 3, 1, tzinfo=UTC)):
        with pytest.raises(NotFound):
            await reading.thing(desk, workspace, Ref("job", "b"), as_of=day)
    assert len(await ledger_of(desk, workspace)) == 10


async def test_a_revision_taken_back_lets_the_earlier_word_stand(desk: Desk, workspace: Tenant, tmp_path: Path) -> None:
    await take(desk, workspace, tmp_path, FIRST)
    changed = await take(desk, workspace, tmp_path, CHANGED)
    undone = await importing.undo(desk, workspace, changed.batch)
    assert (undone.retracted, undone.restored) == (0, 1)
    assert await size(desk, workspace) == 20
    assert (await take(desk, workspace, tmp_path, FIRST)).events == 0
    assert (await take(desk, workspace, tmp_path, CHANGED)).revised == 1
    assert await size(desk, workspace) == 25


async def test_what_was_taken_back_can_be_imported_again(desk: Desk, workspace: Tenant, tmp_path: Path) -> None:
    done = await take(desk, workspace, tmp_path, FIRST)
    await importing.undo(desk, workspace, done.batch)
    again = await take(desk, workspace, tmp_path, FIRST)
    assert again.events == 5
    assert await size(desk, workspace) == 20
    assert await size(desk, workspace, as_of=datetime(2015, 3, 1, tzinfo=UTC)) == 20
    await importing.undo(desk, workspace, again.batch)
    with pytest.raises(NotFound):
        await reading.thing(desk, workspace, Ref("job", "b"))


async def test_what_a_batch_that_is_gone_said_never_stands_again(desk: Desk, workspace: Tenant, tmp_path: Path) -> None:
    first = await take(desk, workspace, tmp_path, FIRST)
    changed = await take(desk, workspace, tmp_path, CHANGED)
    assert (await importing.undo(desk, workspace, first.batch)).retracted == 0, "the second import says it all too"
    assert (await size(desk, workspace), await size(desk, workspace, "a")) == (25, 10)
    assert (await importing.undo(desk, workspace, changed.batch)).retracted == 5
    for day in (None, datetime(2015, 3, 1, tzinfo=UTC)):
        for key in "ab":
            with pytest.raises(NotFound):
                await reading.thing(desk, workspace, Ref("job", key), as_of=day)


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)])
async def test_taken_back_in_any_order_nothing_is_left(
    desk: Desk, workspace: Tenant, tmp_path: Path, order: tuple[int, ...]
) -> None:
    texts = (FIRST, CHANGED, LONGER.replace("2015-02-01,", ","))
    done = [(await take(desk, workspace, tmp_path, text)).batch for text in texts]
    for number in order:
        await importing.undo(desk, workspace, done[number])
    for day in (None, datetime(2015, 3, 1, tzinfo=UTC)):
        for key in "abc":
            with pytest.raises(NotFound):
                await reading.thing(desk, workspace, Ref("job", key), as_of=day)
    again = await take(desk, workspace, tmp_path, FIRST)
    changed = await take(desk, workspace, tmp_path, CHANGED)
    assert (again.events, again.revised, changed.events, changed.revised) == (5, 0, 1, 1)
    assert (await size(desk, workspace), await size(desk, workspace, "a")) == (25, 10)
    assert await size(desk, workspace, as_of=datetime(2015, 3, 1, tzinfo=UTC)) == 20
    await importing.undo(desk, workspace, changed.batch)
    assert (await size(desk, workspace), await size(desk, workspace, "a")) == (20, 10)
    assert (await importing.undo(desk, workspace, again.batch)).retracted == 5
    with pytest.raises(NotFound):
        await reading.thing(desk, workspace, Ref("job", "b"))


async def happened(desk: Desk, tenant: Tenant, key: str, *, as_of: datetime | None = None) -> list[str]:
    found = await reading.thing(desk, tenant, Ref("job", key), as_of=as_of)
    return [one.type for one in found.timeline]


async def test_a_cleared_date_takes_back_what_it_said(desk: Desk, workspace: Tenant, tmp_path: Path) -> None:
    await take(desk, workspace, tmp_path, FIRST)
    before = desk.now(workspace)
    cleared = FIRST.replace("2015-02-01", "")
    changed = await take(desk, workspace, tmp_path, cleared)
    assert (changed.events, changed.revised, changed.repeated) == (1, 1, 4)
    assert await happened(desk, workspace, "a") == ["job.described", "job.sent"]
    assert "job.done" in await happened(desk, workspace, "a", as_of=before)
    assert (await take(desk, workspace, tmp_path, cleared)).events == 0
    again = await take(desk, workspace, tmp_path, FIRST)
    assert (again.events, again.revised) == (1, 1)
    assert "job.done" in await happened(desk, workspace, "a")
    await importing.undo(desk, workspace, again.batch)
    assert "job.done" not in await happened(desk, workspace, "a")


async def test_clearing_taken_back_lets_the_date_stand(desk: Desk, workspace: Tenant, tmp_path: Path) -> None:
    await take(desk, workspace, tmp_path, FIRST)
    changed = await take(desk, workspace, tmp_path, FIRST.replace("2015-02-01", ""))
    undone = await importing.undo(desk, workspace, changed.batch)
    assert (undone.retracted, undone.restored) == (0, 1)
    assert "job.done" in await happened(desk, workspace, "a")


async def test_a_second_change_taken_back_lets_the_first_stand(desk: Desk, workspace: Tenant, tmp_path: Path) -> None:
    await take(desk, workspace, tmp_path, FIRST)
    await take(desk, workspace, tmp_path, CHANGED)
    third = await take(desk, workspace, tmp_path, FIRST.replace("20,south", "30,south"))
    await importing.undo(desk, workspace, third.batch)
    assert await size(desk, workspace) == 25
    assert (await take(desk, workspace, tmp_path, CHANGED)).events == 0


async def test_a_batch_is_taken_back_once(desk: Desk, workspace: Tenant, tmp_path: Path) -> None:
    done = await take(desk, workspace, tmp_path, FIRST)
    await importing.undo(desk, workspace, done.batch)
    with pytest.raises(Conflict, match="was undone"):
        await importing.undo(desk, workspace, done.batch)
    with pytest.raises(NotFound, match=done.batch):
        await importing.undo(desk, workspace, done.batch[:-1] + "x")


def later(days: int) -> str:
    """A day by the clock that stands still for `standing`."""
    return f"{make.day(1000 + days):%Y-%m-%d}"


def staged_file() -> str:
    return HEADER + f"a,{later(-20)},{later(5)},10,north\nb,{later(-10)},,20,south\n"


async def waiting(desk: Desk, tenant: Tenant) -> int:
    async with desk.db.transaction(tenant.number) as tx:
        return (await staging.waiting(tx))[0]


async def test_what_becomes_known_later_waits_for_its_day(desk: Desk, standing: Tenant, tmp_path: Path) -> None:
    done = await take(desk, standing, tmp_path, staged_file())
    assert (done.events, done.staged) == (5, 1)
    assert "job.done" not in [kind for kind, _ in await ledger_of(desk, standing)]
    assert (await take(desk, standing, tmp_path, staged_file())).events == 0
    assert await waiting(desk, standing) == 1
    moved = await desk.advance(standing, make.day(1010))
    assert await waiting(desk, moved) == 0
    assert [kind for kind, _ in await ledger_of(desk, moved)].count("job.done") == 1
    assert (await take(desk, moved, tmp_path, staged_file())).events == 0


async def test_taken_back_while_it_waits_it_never_comes(desk: Desk, standing: Tenant, tmp_path: Path) -> None:
    done = await take(desk, standing, tmp_path, staged_file())
    undone = await importing.undo(desk, standing, done.batch)
    assert (undone.retracted, undone.unstaged) == (4, 1)
    moved = await desk.advance(standing, make.day(1010))
    assert "job.done" not in [kind for kind, _ in await ledger_of(desk, moved)]
    again = await take(desk, moved, tmp_path, staged_file())
    assert (again.events, again.staged) == (5, 0)


async def test_a_date_cleared_while_it_waits_never_comes(desk: Desk, standing: Tenant, tmp_path: Path) -> None:
    await take(desk, standing, tmp_path, staged_file())
    changed = await take(desk, standing, tmp_path, staged_file().replace(later(5), ""))
    assert (changed.revised, await waiting(desk, standing)) == (1, 0)
    moved = await desk.advance(standing, make.day(1010))
    assert await happened(desk, moved, "a") == ["job.described", "job.sent"]


async def test_what_two_imports_wait_with_is_taken_back_with_both(desk: Desk, standing: Tenant, tmp_path: Path) -> None:
    first = await take(desk, standing, tmp_path, staged_file())
    moved = await take(desk, standing, tmp_path, staged_file().replace(later(5), later(6)))
    assert (await importing.undo(desk, standing, moved.batch)).unstaged == 1
    assert (await importing.undo(desk, standing, first.batch)).unstaged == 1
    tenant = await desk.advance(standing, make.day(1010))
    with pytest.raises(NotFound):
        await reading.thing(desk, tenant, Ref("job", "a"))


async def test_taken_back_after_its_day_it_is_retracted(desk: Desk, standing: Tenant, tmp_path: Path) -> None:
    done = await take(desk, standing, tmp_path, staged_file())
    moved = await desk.advance(standing, make.day(1010))
    undone = await importing.undo(desk, moved, done.batch)
    assert (undone.retracted, undone.unstaged) == (5, 0)
    with pytest.raises(NotFound):
        await reading.thing(desk, moved, Ref("job", "a"))


class _Off(Exception):
    """The plug is pulled."""


async def test_broken_off_in_the_middle_the_next_run_adds_what_is_missing(
    desk: Desk, workspace: Tenant, tmp_path: Path
) -> None:
    def pull(done: Imported) -> None:
        raise _Off

    rows = HEADER + "".join(f"j{n},2015-01-{1 + n % 28:02},,{n},north\n" for n in range(imports.ROWS + 500))
    with pytest.raises(_Off):
        await take(desk, workspace, tmp_path, rows, progress=pull)
    again = await take(desk, workspace, tmp_path, rows)
    assert (again.events, again.repeated) == (1000, 2 * imports.ROWS)
    assert len(await ledger_of(desk, workspace)) == 2 * (imports.ROWS + 500)
    async with desk.db.transaction(workspace.number) as tx:
        finished = [one["finished_at"] is not None for one in await imports.batches(tx)]
    assert finished == [True, False]


async def test_a_row_that_repeats_itself_counts_as_a_repeat(desk: Desk, workspace: Tenant, tmp_path: Path) -> None:
    done = await take(desk, workspace, tmp_path, FIRST + "a,2015-01-05,2015-02-01,10,north\n")
    assert (done.rows, done.events, done.repeated, done.quarantined) == (3, 5, 3, 0)


async def test_a_row_that_contradicts_an_earlier_one_is_set_aside(
    desk: Desk, workspace: Tenant, tmp_path: Path
) -> None:
    done = await take(desk, workspace, tmp_path, FIRST + "a,2015-01-05,2015-02-01,11,north\n")
    assert (done.events, done.quarantined) == (5, 1)
    (held,) = await importing.waiting(desk, workspace)
    assert held.line == 4
    assert held.reason.startswith("The key 'a' stands in line 2 too.")
    assert await size(desk, workspace, "a") == 10


async def test_rows_that_are_events_may_repeat_their_key(desk: Desk, workspace: Tenant, tmp_path: Path) -> None:
    mapping = mapping_file.parse(
        'source = "jobs"\nkind = "job"\nkey = "id"\nrows = "events"\n[events]\n"job.seen" = { time = "sent" }\n'
        '[columns]\n"size" = { sort = "number", known = "job.seen" }\n'
    )
    text = HEADER + "a,2015-01-05,,1,\na,2015-01-06,,2,\na,2015-01-05,,1,\n"
    done = await take(desk, workspace, tmp_path, text, mapping=mapping)
    assert (done.quarantined, done.events, done.repeated) == (0, 2, 1)
    wider = text.replace("site\n", "site,note\n", 1).replace(",\n", ",,new\n")
    again = await take(desk, workspace, tmp_path, wider, mapping=mapping)
    assert (again.quarantined, again.events, again.repeated) == (0, 0, 3)


async def test_rows_that_are_events_are_corrected_where_a_column_tells_them_apart(
    desk: Desk, workspace: Tenant, tmp_path: Path
) -> None:
    mapping = mapping_file.parse(
        'source = "jobs"\nkind = "job"\nkey = "id"\nrows = "events"\nrow = "sent"\n'
        '[events]\n"job.seen" = { time = "sent" }\n[columns]\n"size" = { sort = "number", known = "job.seen" }\n'
    )
    assert mapping_file.parse(mapping_file.text_of(mapping)) == mapping
    text = HEADER + "a,2015-01-05,,1,\na,2015-01-06,,2,\n"
    await take(desk, workspace, tmp_path, text, mapping=mapping)
    changed = await take(desk, workspace, tmp_path, text.replace(",2,", ",3,"), mapping=mapping)
    assert (changed.events, changed.revised, changed.repeated) == (1, 1, 1)
    with pytest.raises(Invalid, match="rows that are things"):
        replace(mapping, rows="things")
    twice = await take(desk, workspace, tmp_path, text + "a,2015-01-06,,4,\n", mapping=mapping)
    assert twice.quarantined == 1
    wider = replace(mapping, row=("sent", "site"))
    with pytest.raises(Invalid, match="recorded again"):
        await take(desk, workspace, tmp_path, text, mapping=wider)


async def test_an_attribute_has_one_sort_whoever_brings_it(desk: Desk, workspace: Tenant, tmp_path: Path) -> None:
    await take(desk, workspace, tmp_path, FIRST)
    size = replace(MAPPING.columns[0], sort=Sort.CATEGORY)
    other = replace(MAPPING, source="others", columns=(size,))
    with pytest.raises(Invalid, match="'size' of a job would be a category"):
        await take(desk, workspace, tmp_path, FIRST, mapping=other)
    assert (await take(desk, workspace, tmp_path, FIRST, mapping=replace(MAPPING, columns=(size,)))).events == 2
