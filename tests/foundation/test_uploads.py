"""Files that are sent in: on disk or not there at all, under names of ours."""

from __future__ import annotations

import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.foundation import uploads
from sightline.foundation.uploads import Uploads, plain_name
from sightline.language.errors import Invalid, TooLarge, Unavailable


async def parts(*content: bytes, breaks: bool = False) -> AsyncIterator[bytes]:
    for one in content:
        yield one
    if breaks:
        raise ConnectionError


@pytest.mark.parametrize("sizes", [[0], [5], [3_000_000, 1, 2_000_000]])
async def test_a_file_is_kept_to_the_byte(tmp_path: Path, sizes: list[int]) -> None:
    content = [bytes([n % 251]) * size for n, size in enumerate(sizes)]
    id_, size = await Uploads(tmp_path).receive(7, parts(*content), most=10**7)
    path = Uploads(tmp_path).of(7) / id_
    assert path.read_bytes() == b"".join(content)
    assert size == sum(sizes)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_what_breaks_off_or_is_too_large_leaves_nothing(tmp_path: Path) -> None:
    kept = Uploads(tmp_path)
    with pytest.raises(ConnectionError):
        await kept.receive(7, parts(b"x" * 2_000_000, breaks=True), most=10**7)
    with pytest.raises(TooLarge):
        await kept.receive(7, parts(b"x" * 2_000_000, b"x"), most=2_000_000)
    assert list(kept.of(7).iterdir()) == []


async def test_the_database_keeps_its_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Uploads(tmp_path)
    with pytest.raises(Unavailable, match="bytes free"):
        await kept.receive(7, parts(b"x"), most=2**70, said=2**60)
    monkeypatch.setattr(uploads, "SPARE", 2**60)
    with pytest.raises(Unavailable, match="bytes free"):
        await kept.receive(7, parts(b"x"), most=2**70)
    assert list(kept.of(7).iterdir()) == []


@given(st.text(max_size=300))
def test_a_name_never_leads_anywhere(text: str) -> None:
    try:
        name = plain_name(text)
    except Invalid:
        return
    assert name == Path(name).name
    assert name not in {".", ".."}
    assert name.isprintable()
    assert len(name) <= uploads.LONGEST_NAME
