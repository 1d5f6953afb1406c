"""No function above 80 lines, no file above 500; medians and the 90th percentile are kept by `tools.measures`.

Prevents: the file everything passes through. Nearly every code base has a monster at its hub, and it grew one
harmless line at a time.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tools.rule import SOURCE, File, Rule, in_source

FUNCTION_MAX = 80
FILE_MAX = 500


def functions(file: File) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef, int]]:
    """Every function with its lines, docstring included, decorators not."""
    for node in file.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node, (node.end_lineno or node.lineno) - node.lineno + 1


def check(file: File) -> Iterator[tuple[int, str]]:
    """What is too long."""
    lines = len(file.text.splitlines())
    if lines > FILE_MAX:
        yield 1, f"{lines} lines, {FILE_MAX} allowed: make it a folder of the same name, one idea per file."
    for node, count in functions(file):
        if count > FUNCTION_MAX:
            yield node.lineno, f"{node.name}() has {count} lines, {FUNCTION_MAX} allowed: name its steps."


RULE = Rule(
    name=f"functions up to {FUNCTION_MAX} lines, files up to {FILE_MAX}",
    why="Beauty is lost at the file everything passes through.",
    applies=in_source,
    check=check,
    good=((SOURCE + "a.py", "def f():\n" + "    g()\n" * (FUNCTION_MAX - 1)), (SOURCE + "a.py", "x = 1\n" * FILE_MAX)),
    bad=((SOURCE + "a.py", "def f():\n" + "    g()\n" * FUNCTION_MAX), (SOURCE + "a.py", "x = 1\n" * (FILE_MAX + 1))),
)
