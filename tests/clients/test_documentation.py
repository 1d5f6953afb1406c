"""Every fenced Python block about the client runs, against the application itself."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.clients.conftest import Served
from tests.docs.test_documented import AGAINST_A_SERVER, BLOCK, ROOT

ADDRESS = "http://127.0.0.1:8321"


@pytest.mark.parametrize("page", sorted(AGAINST_A_SERVER), ids=lambda page: page.relative_to(ROOT).as_posix())
async def test_its_blocks_run(served: Served, page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", served.api.token)
    blocks = BLOCK.findall(await asyncio.to_thread(page.read_text, "utf-8"))
    assert blocks
    for block in blocks:
        assert ADDRESS in block
        code = compile(block.replace(ADDRESS, served.url), str(page), "exec")
        await asyncio.to_thread(exec, code, {"__name__": "example"})
