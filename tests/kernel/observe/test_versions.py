"""Facts read again and again, changed, cleared and taken back while the clock moves: against a plain model."""

from __future__ import annotations

import asyncio
import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.foundation import tenants
from sightline.foundation.settings import Settings
from sightline.foundation.tenants import Tenant
from sightline.kernel.desk import Desk, importing, reading
from sightline.kernel.observe import imports
from sightline.kernel.observe.imports import Imported
from sightline.kernel.observe.revisions import REMEMBERED, VERSIONS
from sightline.language.errors import Conflict, NotFound
from sightline.language.ref import Ref
from sightline.main.installation import installation
from sightline.testing import make
from tests.kernel.observe.test_imports import FIRST, HEADER, happened, ledger_of, size, take

START = 1000
_numbers = itertools.count()


def file(done: int | None) -> str:
    """One job, sent long ago, done on a day or never."""
    return HEADER + f"a,{make.day(900):%Y-%m-%d},{f'{make.day(done):%Y-%m-%d}' if done else ''},10,north\n"


@dataclass(slots=True)
class Version:
    """One word about when it was done, when it was first read, and which imports said so."""

    done: int | None
    read: int
    batches: list[int]


@dataclass(slots=True)
class Plain:
    """What an honest clerk would have in the drawer."""

    versions: list[Version] = field(default_factory=list)

    def read(self, batch: int, done: int | None, now: int) -> None:
        if self.versions and self.versions[-1].done == done:
            self.versions[-1].batches.append(batch)
        elif done is not None or self.versions:
            self.versions.append(Version(done, now, [batch]))

    def undo(self, batch: int) -> None:
        for one in self.versions:
            one.batches = [name for name in one.batches if name != batch]
        self.versions = [one for one in self.versions if one.batches]

    def known(self, day: int) -> int | None:
        """When it was done, as known on a day: the last word by then, the first word also before it was read.

        A first word that was replaced before its day came was never known.
        """
        words = list(self.versions)
        while len(words) > 1 and (words[0].read if words[0].done is None else words[0].done) >= words[1].read:
            del words[0]
        heard = [one for at, one in enumerate(words) if at == 0 or one.read <= day]
        done = heard[-1].done if heard else None
        return done if done is not None and done <= day else None


OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("read"), st.sampled_from([None, 950, 960, 1003, 1006, 1012])),
        st.tuples(st.just("undo"), st.integers(0, 5)),
        st.tuples(st.just("wait"), st.integers(1, 4)),
    ),
    min_size=2,
    max_size=9,
)


async def known_of(desk: Desk, tenant: Tenant, day: int) -> int | None:
    try:
        found = await reading.thing(desk, tenant, Ref("job", "a"), as_of=make.day(day))
    except NotFound:
        return None
    done = [one.time for one in found.timeline if one.type == "job.done"]
    assert len(done) < 2
    return (done[0] - make.EPOCH).days if done else None


@settings(max_examples=12)
@given(operations=OPERATIONS)
async def test_whatever_is_read_changed_and_taken_back_reads_like_the_plain_model(
    desk: Desk, tmp_path_factory: pytest.TempPathFactory, operations: list[tuple[str, int | None]]
) -> None:
    tenant = await tenants.make(desk.db, f"v{next(_numbers)}", clock_at=make.day(START))
    folder, plain, now, batches = tmp_path_factory.mktemp("files"), Plain(), START, list[str]()
    undone: set[int] = set()
    for what, value in operations:
        if what == "read":
            batches.append((await take(desk, tenant, folder, file(value))).batch)
            plain.read(len(batches) - 1, value, now)
        elif what == "wait":
            now += value or 0
            tenant = await desk.advance(tenant, make.day(now))
        elif value is not None and value < len(batches) and value not in undone:
            undone.add(value)
            await importing.undo(desk, tenant, batches[value])
            plain.undo(value)
        for day in range(945, now + 1, 3):
            assert await known_of(desk, tenant, day) == plain.known(day), (day, now)
        assert await known_of(desk, tenant, now) == plain.known(now)
    # Days pass in the operations too: of many, further than that.
    end = max(1020, now)
    tenant = await desk.advance(tenant, make.day(end))
    assert await known_of(desk, tenant, end) == plain.known(end)


async def test_what_another_import_that_stands_says_stays(desk: Desk, workspace: Tenant, tmp_path: Path) -> None:
    same = [(await take(desk, workspace, tmp_path, FIRST)).batch for _ in range(3)]
    for batch in (same[0], same[2]):
        await importing.undo(desk, workspace, batch)
    assert await size(desk, workspace) == 20


async def test_what_was_repeated_outlives_who_said_it_first(desk: Desk, workspace: Tenant, tmp_path: Path) -> None:
    texts = [FIRST, *[FIRST.replace("20,south", "25,south")] * 2, FIRST.replace("20,south", "30,south")]
    _, second, third = [(await take(desk, workspace, tmp_path, text)).batch for text in texts[:3]]
    await importing.undo(desk, workspace, second)
    assert await size(desk, workspace) == 25
    fourth = await take(desk, workspace, tmp_path, texts[3])
    await importing.undo(desk, workspace, fourth.batch)
    assert await size(desk, workspace) == 25
    await importing.undo(desk, workspace, third)
    assert await size(desk, workspace) == 20


async def test_a_wrong_first_word_is_gone_at_every_day(desk: Desk, workspace: Tenant, tmp_path: Path) -> None:
    wrong = await take(desk, workspace, tmp_path, FIRST)
    between = desk.now(workspace)
    await take(desk, workspace, tmp_path, FIRST.replace("20,south", "25,south"))
    assert await size(desk, workspace, as_of=between) == 20
    await importing.undo(desk, workspace, wrong.batch)
    for moment in (None, between, make.day(-1700)):
        assert await size(desk, workspace, as_of=moment) == 25


async def test_after_an_undo_the_file_that_stands_adds_nothing(desk: Desk, workspace: Tenant, tmp_path: Path) -> None:
    texts = [FIRST.replace("2015-02-01", day) for day in ("2015-02-01", "2015-02-02", "2015-02-03")]
    last = [(await take(desk, workspace, tmp_path, text)).batch for text in texts][-1]
    await importing.undo(desk, workspace, last)
    again = await take(desk, workspace, tmp_path, texts[1])
    assert (again.events, again.revised, again.repeated) == (0, 0, 5)


async def test_two_imports_at_once_lose_no_word(desk: Desk, workspace: Tenant, tmp_path: Path) -> None:
    await take(desk, workspace, tmp_path, FIRST)
    folders = [tmp_path / name for name in "xy"]
    for folder in folders:
        folder.mkdir()
    texts = [FIRST.replace("20,south", f"{number},south") for number in (111, 222)]
    await asyncio.gather(*(take(desk, workspace, *pair) for pair in zip(folders, texts, strict=True)))
    told = [id_ for _, id_ in await ledger_of(desk, workspace) if id_.startswith("b:job.described")]
    assert len(told) == 3
    last = await size(desk, workspace)
    assert last in {111, 222}
    assert (await take(desk, workspace, tmp_path, texts[last == 222])).events == 0
    assert "job.done" in await happened(desk, workspace, "a")


def sized(number: int) -> str:
    return HEADER + f"a,{make.day(900):%Y-%m-%d},,{number},north\n"


async def test_a_fact_that_changes_daily_keeps_its_past_and_adds_one_event_a_day(
    desk: Desk, standing: Tenant, tmp_path: Path
) -> None:
    tenant, batches, events = standing, list[str](), list[int]()
    for number in range(VERSIONS + 8):
        batches.append((await take(desk, tenant, tmp_path, sized(number))).batch)
        events.append(len(await ledger_of(desk, tenant)))
        tenant = await desk.advance(tenant, make.day(START + number + 1))
    assert {after - before for before, after in itertools.pairwise(events)} == {1}
    for number in range(VERSIONS + 8):
        assert await size(desk, tenant, "a", as_of=make.day(START + number)) == number
    for batch in reversed(batches[-VERSIONS:]):
        await importing.undo(desk, tenant, batch)
    assert await size(desk, tenant, "a") == 7
    assert await size(desk, tenant, "a", as_of=make.day(START + 20)) == 7
    assert await size(desk, tenant, "a", as_of=make.day(START + 3)) == 3


async def test_a_fact_said_by_many_imports_stands_until_the_last_is_taken_back(
    desk: Desk, workspace: Tenant, tmp_path: Path
) -> None:
    batches = [(await take(desk, workspace, tmp_path, FIRST)).batch for _ in range(REMEMBERED + 2)]
    for batch in batches[2:]:
        await importing.undo(desk, workspace, batch)
    assert await size(desk, workspace) == 20
    await importing.undo(desk, workspace, batches[0])
    assert await size(desk, workspace) == 20
    assert (await importing.undo(desk, workspace, batches[1])).retracted == 5
    with pytest.raises(NotFound):
        await size(desk, workspace)


async def test_an_import_that_is_taken_back_while_it_runs_stops(desk: Desk, workspace: Tenant, tmp_path: Path) -> None:
    seen: list[str] = []

    def heard(done: Imported) -> None:
        seen.append(done.batch)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(asyncio.run, undone(desk.settings, workspace, done.batch)).result()

    rows = HEADER + "".join(f"j{n},2015-01-{1 + n % 28:02},,{n},north\n" for n in range(imports.ROWS + 5))
    with pytest.raises(Conflict, match="taken back while"):
        await take(desk, workspace, tmp_path, rows, progress=heard)
    assert len(seen) == 1
    with pytest.raises(NotFound):
        await size(desk, workspace, "j1")


async def undone(chosen: Settings, tenant: Tenant, batch: str) -> None:
    """As another process would."""
    async with installation(chosen) as other:
        await importing.undo(other, tenant, batch)
