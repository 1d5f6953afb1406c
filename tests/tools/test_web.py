"""What builds the web app: which Node will do, and when there is nothing to build."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import web


@pytest.mark.parametrize(
    ("version", "will_do"),
    [("v20.19.0", True), ("v24.1.0\n", True), ("v20.18.3", False), ("v18.20.4", False), ("", False), ("node", False)],
)
def test_a_node_must_be_new_enough(version: str, will_do: bool) -> None:
    assert web.enough(version) is will_do


def test_a_node_without_npm_does_not_count(tmp_path: Path) -> None:
    node = tmp_path / "node"
    node.write_text("#!/bin/sh\necho v24.0.0\n")
    node.chmod(0o755)
    assert not web.present(str(tmp_path))
    (tmp_path / "npm").write_text("#!/bin/sh\n")
    (tmp_path / "npm").chmod(0o755)
    assert web.present(str(tmp_path))


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A source of two files, one of them not to be looked at."""
    monkeypatch.setattr(web, "ROOT", tmp_path)
    monkeypatch.setattr(web, "WEB", tmp_path / "web")
    monkeypatch.setattr(web, "OUT", tmp_path / "out")
    (tmp_path / "web" / "node_modules").mkdir(parents=True)
    (tmp_path / "web" / "node_modules" / "foreign.js").write_text("1")
    (tmp_path / "web" / "app.ts").write_text("1")
    return tmp_path / "web"


def test_only_its_own_source_makes_it_build_again(app: Path) -> None:
    first = web.stamp_of(*web.sources())
    (app / "node_modules" / "foreign.js").write_text("2")
    assert web.stamp_of(*web.sources()) == first
    (app / "app.ts").write_text("2")
    assert web.stamp_of(*web.sources()) != first


def test_what_has_not_changed_is_not_built(app: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    monkeypatch.setattr(web, "node_path", lambda: "")
    monkeypatch.setattr(web, "packages", lambda _: None)
    monkeypatch.setattr(web, "run", lambda *command, **_: ran.append(" ".join(command)))
    (app.parent / "out").mkdir()
    web.main(check=False)
    web.main(check=False)
    assert ran == ["npm run --silent build"]
    web.main(check=True)
    assert ran[1:] == ["npm run --silent check"]


def test_a_step_that_fails_stops_and_says_which(app: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        web.run("sh", "-c", "exit 3")
    assert stopped.value.code == 3
    assert "make web" in capsys.readouterr().out
