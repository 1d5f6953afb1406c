"""No reading of the wall clock outside foundation/clock.py.

Prevents: a feature, an expiry or a proof that depends on when it was computed. Each workspace has its own clock,
which may stand still; code that asks the machine for the time silently leaves it, and its test passes only today.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tools.rule import SOURCE, File, Rule, in_source

HOME = SOURCE + "foundation/clock.py"
READS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns", "localtime", "gmtime"},
}
"""What is called on what. `time.monotonic` and `time.perf_counter` measure spans and are free."""


def owner(node: ast.expr) -> str:
    """The last name before the dot: `datetime` of `datetime.datetime.now`."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def check(file: File) -> Iterator[tuple[int, str]]:
    """Uses, called or passed on as functions, and imports that hide where the name comes from."""
    for node in file.nodes:
        if isinstance(node, ast.Attribute) and node.attr in READS.get(owner(node.value), ()):
            yield node.lineno, f"Take `now` as an argument instead of {owner(node.value)}.{node.attr}."
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            for name in node.names:
                if name.name in READS["time"]:
                    yield node.lineno, f"Take `now` as an argument instead of importing time.{name.name}."


RULE = Rule(
    name="now() lives in foundation/clock.py",
    why="Code that asks the machine for the time leaves its workspace's clock, and its proof cannot be repeated.",
    applies=lambda path: in_source(path) and path != HOME,
    check=check,
    good=(
        (HOME, "from datetime import UTC, datetime\ndef now():\n    return datetime.now(UTC)\n"),
        (SOURCE + "kernel/act/a.py", "def expired(until, now):\n    return now > until\n"),
        (SOURCE + "kernel/act/a.py", "import time\ndef f():\n    return time.monotonic()\n"),
        (SOURCE + "kernel/act/a.py", "def f(clock):\n    return clock.now()\n"),
    ),
    bad=(
        (SOURCE + "kernel/act/a.py", "from datetime import datetime\nx = datetime.now()\n"),
        (SOURCE + "kernel/act/a.py", "import datetime\nx = datetime.datetime.utcnow()\n"),
        (SOURCE + "kernel/act/a.py", "from datetime import date\nx = date.today()\n"),
        (SOURCE + "kernel/act/a.py", "import time\nx = time.time()\n"),
        (SOURCE + "kernel/act/a.py", "from time import time\n"),
        (SOURCE + "kernel/act/a.py", "make = field(default_factory=datetime.now)\n"),
    ),
)
