"""Every house rule accepts its own good lines and refuses its own bad ones."""

import re
from pathlib import Path

import pytest

from tools.rule import File, Rule
from tools.rules import RULES

GOOD = [(rule, *example) for rule in RULES for example in rule.good]
BAD = [(rule, *example) for rule in RULES for example in rule.bad]


@pytest.mark.parametrize(("rule", "path", "text"), GOOD)
def test_good_lines_pass(rule: Rule, path: str, text: str) -> None:
    assert list(rule.complaints(File(path, text))) == []


@pytest.mark.parametrize(("rule", "path", "text"), BAD)
def test_bad_lines_are_refused_with_advice(rule: Rule, path: str, text: str) -> None:
    found = list(rule.complaints(File(path, text)))
    assert found
    assert all(complaint.says.endswith((".", "!")) and complaint.line > 0 for complaint in found)


def test_every_rule_file_is_in_force_and_gives_its_reason() -> None:
    folder = Path(__file__).parents[2] / "tools" / "rules"
    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert files == {rule.check.__module__.rsplit(".", 1)[-1] for rule in RULES}
    for name in files:
        assert re.search(r"^Prevents: \w+", (folder / f"{name}.py").read_text(), re.MULTILINE), name


def test_rules_stay_small() -> None:
    for path in (Path(__file__).parents[2] / "tools").rglob("*.py"):
        assert len(path.read_text().splitlines()) <= 120, path
