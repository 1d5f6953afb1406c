"""A program that uses the embedded server: `actor.py HOME [UID]`. It says what it joined, then waits for a line.

With a UID, root becomes that user first. The Python that runs the tests may lie where that user cannot read, so
all that is needed is loaded by using another server once before.
"""

import json
import os
import sys
from pathlib import Path

from sightline.foundation.postgres import open_server
from sightline.foundation.postgres.programs import _copy, _package, copied_to
from sightline.foundation.settings import Settings
from sightline.language.errors import SightlineError


def become(uid: int, home: Path) -> None:
    """Load everything, leave the programs where the user can run them, then be that user."""
    open_server(Settings(home=home.with_name("warm-up"))).close()
    folder = home / "pg"
    folder.mkdir(parents=True)
    _copy(_package(), copied_to(folder))
    for path in (home, folder, *folder.rglob("*")):
        os.chown(path, uid, uid, follow_symlinks=False)
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)


def say(**what: object) -> None:
    """One line of JSON to whoever started us."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def main(home: Path, uid: int | None) -> None:
    """Join, say so, wait, leave."""
    if uid is not None and os.geteuid() == 0 and not home.exists():
        become(uid, home)
    try:
        server = open_server(Settings(home=home))
    except SightlineError as error:
        say(error=str(error))
        return
    say(pid=server.pid, port=server.port, url=server.app_url)
    sys.stdin.readline()
    server.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None)
