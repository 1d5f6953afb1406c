"""No file mentions the machine it was written on.

Prevents: a project that works in one place. A home folder, a checkout's address or a private package index is
meaningless, or a leak, to whoever clones it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tools.rule import File, Rule

HOME = "tools/rules/machine_paths.py"
PATTERNS = (
    r"(?<![\w.~-])/(?:home|Users|builds)/\w+",
    r"(?<![\w.~/-])/(?:root|work|workspaces?)/\w",
    r"\b[A-Z]:\\Users\\",
    r"--(?:extra-)?index-url",
    r"--find-links",
    r"file:///\w",
    r"https?://[^\s/]*(?:artifactory|nexus|devpi|\.internal|\.corp|\.lan)\b",
    r"https?://[^\s/@]+:[^\s/@]+@(?!(?:localhost|127\.|\[|host|db|HOST))",
)
"""Generic by design: add a shape of path here, never the name of a machine."""

MACHINE = re.compile("|".join(PATTERNS))


def check(file: File) -> Iterator[tuple[int, str]]:
    """Lines with such a path or host."""
    for number, line in enumerate(file.text.splitlines(), start=1):
        found = MACHINE.search(line)
        if found:
            yield (
                number,
                f"'{found[0]}' exists on one machine only: use a relative path, a setting or a temporary folder.",
            )


RULE = Rule(
    name="no path or host of one machine",
    why="It means nothing, or too much, to whoever clones the project.",
    applies=lambda path: path != HOME,
    check=check,
    good=(
        ("README.md", "Data live in `~/.local/share/sightline` or `/var/lib/sightline`.\n"),
        ("deploy/a.toml", "url = 'postgresql://user:secret@localhost/sightline'\n"),
        ("docs/a.md", "See https://pypi.org/project/uv and /v1/entities/line/home.\n"),
    ),
    bad=(
        ("docs/a.md", "Look into /home/ada/sightline.\n"),
        ("src/a.py", "PATH = '/root/data'\n"),
        ("requirements/base.lock", "--index-url https://example.org/simple\n"),
        ("Makefile", "PIP = pip install -f file:///srv/wheels\n"),
        ("a.md", "https://nexus.example.org/repository\n"),
    ),
)
