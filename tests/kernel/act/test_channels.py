"""The paper channel keeps the law of channels, whoever dies or hurries."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sightline.kernel.act.channels import Paper
from sightline.testing import laws, make


def texts(folder: Path) -> list[str]:
    return [json.loads(path.read_text())["text"] for path in folder.glob("*.json")]


def test_paper_keeps_the_law(tmp_path: Path) -> None:
    laws.channel(lambda: Paper(tmp_path / "out"), lambda: texts(tmp_path / "out"))
    assert not list((tmp_path / "out").glob(".*"))


def test_of_many_who_send_at_once_one_does_it(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(lambda _: Paper(tmp_path).send(make.action("k"), at=make.day(0)), range(40)))
    assert sum(not one.repeated for one in receipts) == 1
    assert len(texts(tmp_path)) == 1


def test_what_a_crash_left_half_written_does_not_count(tmp_path: Path) -> None:
    paper = Paper(tmp_path)
    reference = paper.send(make.action("k", text="whole"), at=make.day(0)).reference
    (tmp_path / reference).unlink()
    (tmp_path / f".{reference}.1").write_text('{"text": "ha')
    assert not paper.send(make.action("k", text="whole"), at=make.day(0)).repeated
    assert texts(tmp_path) == ["whole"]
