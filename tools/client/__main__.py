"""Write, or with `--check` only compare: `python -m tools.client`."""

from __future__ import annotations

import json
import sys

from tools.client.package import HOME, SOURCE, written


def main(check: bool) -> int:
    """1 when a file differs and nothing may be written."""
    files = written(json.loads(SOURCE.read_text(encoding="utf-8")))
    stale = [name for name, text in files.items() if not _same(name, text)]
    if check:
        print("\n".join(f"{HOME / name} is not what docs/openapi.json says. Run: make docs" for name in stale))
        return 1 if stale else 0
    HOME.mkdir(parents=True, exist_ok=True)
    for name in stale:
        (HOME / name).write_text(files[name], encoding="utf-8")
    return 0


def _same(name: str, text: str) -> bool:
    path = HOME / name
    return path.is_file() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv[1:]))
