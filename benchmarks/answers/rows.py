"""The rows of the table, and where it is kept: `docs/benchmarks.md`."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from sightline.language.errors import NotFound

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- {}: begin -->", "<!-- {}: end -->"
"""Between them stands a table, by its name."""

COLUMNS = ("row", "data", "split", "peers", "seconds", "ours", "best peer", "difference (95 % interval)", "limit", "")
MARK = "ROW "
"""What a line of a row's process begins with where it holds a row as JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line: what was measured beside what, and what it had to show. Texts as they are shown."""

    name: str
    data: str
    split: str = "-"
    peers: str = "-"
    """Each with its figure."""
    seconds: str = "-"
    """Ours, then the peers': of wall clock, and of computing in brackets."""
    ours: str
    best: str = "-"
    """The best peer's figure."""
    difference: str = "-"
    """Ours less the best peer's, paired, with its interval from whole clusters drawn again."""
    limit: str = "-"
    held: bool | None = None
    """None: there is no limit, or nothing was measured."""

    @property
    def verdict(self) -> str:
        """In a word."""
        return {True: "held", False: "**missed**", None: "-"}[self.held]

    def cells(self) -> list[str]:
        """As they stand in the table."""
        cells = [self.name, self.data, self.split, self.peers, self.seconds, self.ours, self.best, self.difference]
        return [cell.replace("|", "/").replace("\n", " ") for cell in (*cells, self.limit, self.verdict)]


def skipped(name: str, data: str, why: str) -> Row:
    """A row that could not be measured here, in words."""
    return Row(name=name, data=data, ours=f"not measured: {why}")


def hand_over(rows: Callable[[], list[Row]], name: str = "", data: str = "") -> int:
    """Measure, and print the rows for the process that started this one. Returns 1 when a limit is missed.

    Where data may not ship and are not there, the row `name` about `data` says so instead.
    """
    try:
        found = rows()
    except NotFound as absent:
        print(f"  left out: {absent}", flush=True)
        found = [skipped(name, data, str(absent))]
    for row in found:
        print(MARK + json.dumps(asdict(row)), flush=True)
    return int(any(row.held is False for row in found))


def taken(line: str) -> Row | None:
    """The row a line of a row's process holds."""
    return Row(**json.loads(line.removeprefix(MARK))) if line.startswith(MARK) else None


def table(rows: Sequence[Sequence[str]]) -> str:
    """In Markdown."""
    lines = [COLUMNS, ["-"] * len(COLUMNS), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def keep(rows: Sequence[Row], names: Sequence[str], name: str = "answers") -> str:
    """Put the rows into a table of the page, in place of those of the same name; others stay as measured last.

    `names`: of all rows in their order (beginnings suffice). Returns the table.
    """
    page = PAGE.read_text(encoding="utf-8")
    begin, end = BEGIN.format(name), END.format(name)
    before, _, rest = page.partition(begin)
    old, _, after = rest.partition(end)
    cells = {line[0]: line for line in map(_cells, old.strip().splitlines()[2:]) if line[0]}
    for row in rows:
        cells[row.name] = row.cells()
    order = sorted(cells, key=lambda row: next((at for at, one in enumerate(names) if row.startswith(one)), 99))
    made = table([cells[row] for row in order])
    PAGE.write_text(f"{before}{begin}\n{made}\n{end}{after}", encoding="utf-8")
    return made


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split(" | ")]
