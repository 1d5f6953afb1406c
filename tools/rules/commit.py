"""No `commit()` outside foundation/db/session.py.

Prevents: half a unit of work made permanent. When any function may commit, an effect and its cursor, or a row and
its ledger event, part ways at the first crash. One request or task is one transaction, committed at the edge.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tools.rule import SOURCE, File, Rule, in_source

HOME = SOURCE + "foundation/db/session.py"


def check(file: File) -> Iterator[tuple[int, str]]:
    """Calls of anything named commit."""
    for node in file.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit":
            yield node.lineno, "Open the work with `database.transaction(tenant)`; it commits when the block ends."


RULE = Rule(
    name="commit() lives in foundation/db/session.py",
    why="Who commits in the middle makes half a unit of work permanent.",
    applies=lambda path: in_source(path) and path != HOME,
    check=check,
    good=(
        (HOME, "async def end(connection):\n    await connection.commit()\n"),
        (SOURCE + "kernel/know/a.py", "async def f(tx):\n    await tx.run('update t set a = 1')\n"),
        (SOURCE + "kernel/know/a.py", "commit = 'a word'\n"),
    ),
    bad=(
        (SOURCE + "kernel/know/a.py", "async def f(session):\n    await session.commit()\n"),
        (SOURCE + "foundation/ledger.py", "def f(tx):\n    tx.connection.commit()\n"),
    ),
)
