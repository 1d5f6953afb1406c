"""The program, loaded once: a child of this process is one command. To load takes longer than most commands do."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

# What any command loads; what only some do is loaded by them.
from sightline.main import __main__ as program
from sightline.main import inside, installation

LOADED = (program, inside, installation)


def answer() -> None:
    """One line in per command, one line out with its exit code; a child goes on with the command."""
    asked, told = os.fdopen(os.dup(0), "r"), os.fdopen(os.dup(1), "w")
    for line in asked:
        command = json.loads(line)
        child = os.fork()
        if not child:
            asked.close()
            told.close()
            become(**command)
            program.main()
            return
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), file=told, flush=True)


def become(words: list[str], folder: str, env: dict[str, str], files: list[str], within: int) -> None:
    """Take the place of a process that was started with these words, in this folder and with this environment."""
    for number, (path, flags) in enumerate(zip(files, (os.O_RDONLY, os.O_WRONLY, os.O_WRONLY), strict=True)):
        opened = os.open(path, flags)
        os.dup2(opened, number)
        os.close(opened)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = [str(Path(program.__file__)), *words]
    signal.alarm(within)


if __name__ == "__main__":
    answer()
