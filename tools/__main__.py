"""Run every house rule: `python -m tools`. Exits 1 when one is broken."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from tools import measures
from tools.rule import Complaint, File, project
from tools.rules import RULES

ROOT = Path(__file__).resolve().parent.parent
CODE = ("src", "clients", "tests", "tools", "benchmarks")
LEFT_OUT = {"__pycache__", "node_modules", "build", "dist"}
MAX_TEXT = 1_000_000
"""Bytes; a larger file is data."""


def others(root: Path) -> Iterator[File]:
    """Every other text of the project: what a clone would hold, read without asking git."""
    for folder, inside, names in os.walk(root):
        inside[:] = [name for name in inside if name not in LEFT_OUT and (name[0] != "." or name == ".ci")]
        # In a linked worktree of git, `.git` is a file.
        for path in (Path(folder, name) for name in names if not name.endswith(".py") and name != ".git"):
            raw = path.read_bytes() if path.stat().st_size <= MAX_TEXT else b"\0"
            if b"\0" not in raw[:1000]:
                yield File(path.relative_to(root).as_posix(), raw.decode("utf-8", "replace"))


def find(files: list[File]) -> Iterator[tuple[str, str, Complaint]]:
    """Each complaint with the rule's name and reason."""
    for rule in RULES:
        for file in files:
            yield from ((rule.name, rule.why, complaint) for complaint in rule.complaints(file))


def main() -> int:
    """Print what is broken and why it matters, then the measures."""
    code = list(project(ROOT, CODE))
    files = [*code, *others(ROOT)]
    told = ""
    count = 0
    whole = (("the measures of the whole", "Long everywhere is long.", found) for found in measures.complaints(code))
    for name, why, complaint in (*find(files), *whole):
        if name != told:
            print(f"\n{name}\n  {why}")
            told = name
        print(f"  {complaint.path}:{complaint.line}: {complaint.says}")
        count += 1
    print(f"{len(RULES)} rules, {len(files)} files, {count} complaints. {measures.summary(code)}")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
