"""Commands of the program, each in a process of its own, without a terminal."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.main.served import environment


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
            asked = {"words": words, "folder": str(folder), "env": environment(home, **more),
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
