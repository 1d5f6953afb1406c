"""Commands of the program, each in a process of its own, without a terminal."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.main.served import environment

BUDGET = "10"
"""Seconds a training may take: what commands tell of it is asked about, not how good the model is."""


class Commands:
    """Runs them one after the other, as children of a process that has loaded the program."""

    def __init__(self) -> None:
        self._loaded = subprocess.Popen(
            [sys.executable, "-m", "tests.main.loaded"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(
        self, home: Path, *words: str, folder: Path, said: str = "", within: int = 120, **more: str
    ) -> subprocess.CompletedProcess[str]:
        """One command on a home, to its end. `said`: what it reads.

        None may ever show a traceback, or what a library says was left behind.
        """
        assert self._loaded.stdin is not None
        assert self._loaded.stdout is not None
        with tempfile.TemporaryDirectory() as kept:
            files = [Path(kept, name) for name in ("in", "out", "err")]
            for file, text in zip(files, (said, "", ""), strict=True):
                file.write_text(text, encoding="utf-8")
            env = environment(home, **{"SIGHTLINE_PREDICT__BUDGET": BUDGET, **more})
            asked = {"words": words, "folder": str(folder), "env": env,
                     "files": [str(file) for file in files], "within": within}  # fmt: skip
            self._loaded.stdin.write(json.dumps(asked) + "\n")
            self._loaded.stdin.flush()
            code = int(self._loaded.stdout.readline())
            out, err = (file.read_text(encoding="utf-8") for file in files[1:])
        assert "Traceback" not in err, err
        assert "leaked" not in err, err
        return subprocess.CompletedProcess(words, code, out, err)

    def close(self) -> None:
        """End the process they are children of."""
        self._loaded.communicate()
