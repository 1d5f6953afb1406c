"""Settings: one typed tree, read once, told in a file that cannot rot."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from sightline.foundation.settings import Settings
from sightline.foundation.settings_file import render
from sightline.language.errors import Misconfigured

FILE = Path(__file__).parents[2] / "docs" / "settings.toml"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_documented_file_is_current() -> None:
    now = "python -m sightline.foundation.settings_file > docs/settings.toml"
    assert FILE.read_text(encoding="utf-8") == render(), f"Run: {now}"


def test_the_documented_file_says_the_defaults(tmp_path: Path) -> None:
    told = re.sub(r"^# (\w+ = .+)$", r"\1", render(), flags=re.MULTILINE)
    assert told.count(" = ") >= 9
    (tmp_path / "sightline.toml").write_text(told, encoding="utf-8")
    assert Settings.load(home=tmp_path) == Settings(home=tmp_path)
    (tmp_path / "sightline.toml").unlink()
    assert Settings.load(home=tmp_path).model_dump() == Settings(home=tmp_path).model_dump()


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "other.toml").write_text("[http]\nport = 8400\nhost = '::1'\n", encoding="utf-8")
    monkeypatch.setenv("SIGHTLINE_CONFIG", str(tmp_path / "other.toml"))
    monkeypatch.setenv("SIGHTLINE_HTTP__PORT", "8401")
    http = Settings.load().http
    assert (http.port, http.host) == (8401, "::1")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[http]\nprot = 1\n", "http.prot"),
        ("[http]\nport = 'many'\n", "http.port"),
        ("[predict]\npromise = 2\n", "promise"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str, named: str) -> None:
    (tmp_path / "sightline.toml").write_text(text, encoding="utf-8")
    with pytest.raises(Misconfigured, match=named):
        Settings.load()


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "sightline.toml").write_text("port: 8400\n", encoding="utf-8")
    with pytest.raises(Misconfigured, match=r"sightline\.toml"):
        Settings.load()


def test_a_file_that_was_named_and_is_not_there_is_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGHTLINE_CONFIG", str(tmp_path / "gone.toml"))
    with pytest.raises(Misconfigured, match=r"gone\.toml"):
        Settings.load()


def test_a_master_key_is_64_hexadecimal_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGHTLINE_VAULT__MASTER_KEY", "correct horse")
    with pytest.raises(Misconfigured, match="hexadecimal") as refused:
        Settings.load()
    assert "horse" not in str(refused.value)


def test_secrets_are_not_shown() -> None:
    settings = Settings(database={"url": "postgresql://me:pst@host/db"}, vault={"master_key": "ab" * 32})
    assert "pst" not in repr(settings)
    assert "abab" not in repr(settings)


def test_settings_do_not_change(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with pytest.raises(ValidationError):
        settings.http.port = 1
