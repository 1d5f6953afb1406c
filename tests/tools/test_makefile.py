"""The commands of `make`, without running them: once each, and several at a time where that is said."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("jobs", [(), ("--jobs",), ("--jobs=4",)])
def test_what_is_checked_is_checked_once_without_a_word_about_jobs(jobs: tuple[str, ...]) -> None:
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    done = subprocess.run(
        ["make", "--dry-run", *jobs, "lint", "test"], cwd=ROOT, env=outside, capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    assert done.stdout.count("tools/web.py check") == 1
    assert done.stdout.count("-m pytest") == 1
    (again,) = [line for line in done.stdout.splitlines() if "types style contracts app" in line]
    assert ("--jobs=2" in again) is not bool(jobs)
