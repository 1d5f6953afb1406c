"""Every test runs, asserts something, and does not race a clock.

Prevents: the green tree that proves nothing. A skipped test is a claim nobody checks; one without an assertion
passes whatever happens; one that asserts a duration fails on a busy machine until it is ignored; a mock agrees
with its author.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tools.rule import File, Rule, in_tests

SKIPS = {"skip", "skipif", "xfail", "importorskip"}
CHECKS = {"raises", "warns", "fail", "run_state_machine_as_test"}
CLOCKS = {"perf_counter", "perf_counter_ns", "monotonic", "monotonic_ns", "process_time", "time_ns"}
PREFIXES = ("assert", "check", "expect", "must", "verify")


def called(node: ast.Call) -> str:
    """The last name of what is called."""
    return str(getattr(node.func, "attr", None) or getattr(node.func, "id", ""))


def asserts(test: ast.AST) -> bool:
    """Whether anything in the test can fail on purpose; helpers that check are named so."""
    for node in ast.walk(test):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Call) and (called(node) in CHECKS or called(node).lstrip("_").startswith(PREFIXES)):
            return True
    return False


def reads_clock(node: ast.AST, timed: set[str]) -> bool:
    """Whether an expression is a measured duration."""
    return any(
        (isinstance(n, ast.Call) and called(n) in CLOCKS) or (isinstance(n, ast.Name) and n.id in timed)
        for n in ast.walk(node)
    )


def timed_asserts(test: ast.AST) -> Iterator[int]:
    """Lines that assert how long something took."""
    timed: set[str] = set()
    for node in ast.walk(test):
        if isinstance(node, ast.Assign) and reads_clock(node.value, timed):
            timed |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        if isinstance(node, ast.Assert) and reads_clock(node.test, timed):
            yield node.lineno


def check(file: File) -> Iterator[tuple[int, str]]:
    """Skipped, mocked, idle and timed tests."""
    for node in file.nodes:
        if isinstance(node, ast.Attribute | ast.Name) and (getattr(node, "attr", None) or node.id) in SKIPS:  # type: ignore[union-attr]
            yield node.lineno, "Make it run everywhere or delete it."
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("unittest.mock", "mock")):
            yield node.lineno, "Use the real thing, or the in-memory twin that ships beside the port."
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test"):
            if not asserts(node):
                yield node.lineno, f"{node.name}() asserts nothing: say what must be true."
            for line in timed_asserts(node):
                yield line, "Durations belong in benchmarks/; assert the effect, not the time."


RULE = Rule(
    name="every test runs, asserts, and races no clock",
    why="A green tree that proves nothing is worse than a red one.",
    applies=in_tests,
    check=check,
    good=(
        ("tests/test_a.py", "def test_a():\n    assert f() == 1\n"),
        ("tests/test_a.py", "def test_a():\n    with pytest.raises(ValueError):\n        f()\n"),
        ("tests/test_a.py", "def test_a():\n    check_law(1)\n"),
        (
            "tests/test_a.py",
            "def test_a():\n    end = monotonic() + 9\n    while not f():\n        g(end)\n    assert f()\n",
        ),
    ),
    bad=(
        ("tests/test_a.py", "def test_a():\n    f()\n"),
        ("tests/test_a.py", "def test_a():\n    pass\n"),
        ("tests/test_a.py", "@pytest.mark.skip\ndef test_a():\n    assert f()\n"),
        ("tests/test_a.py", "x = pytest.importorskip('x')\n"),
        ("tests/test_a.py", "from unittest.mock import Mock\n"),
        (
            "tests/test_a.py",
            "def test_a():\n    t = perf_counter()\n    f()\n    d = perf_counter() - t\n    assert d < 1\n",
        ),
    ),
)
