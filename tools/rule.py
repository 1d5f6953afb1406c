"""What a rule is: a sentence, its reason, a check over one file, and the lines that prove the check works."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

SOURCE = "src/sightline/"
"""Where the product lives; rules about code look here and at the client unless they say otherwise."""

CLIENT = "clients/python/src/sightline_client/"
GENERATED = CLIENT + "_generated/"
"""Nobody writes it, so no rule of style is for it; its types are checked."""


@dataclass(frozen=True)
class File:
    """One file of the project: its path from the root with slashes, and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree; raises SyntaxError, which the runner reports."""
        return ast.parse(self.text, self.path)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Every node of the tree, walked once for all rules."""
        return list(ast.walk(self.tree))

    @cached_property
    def docstrings(self) -> set[ast.Constant]:
        """The strings that stand alone: docstrings and the notes under fields."""
        alone = (node.value for node in self.nodes if isinstance(node, ast.Expr))
        return {value for value in alone if isinstance(value, ast.Constant) and isinstance(value.value, str)}


@dataclass(frozen=True, order=True)
class Complaint:
    """A place that breaks a rule, and what to do about it."""

    path: str
    line: int
    says: str


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One house rule over single files."""

    name: str
    """The rule as a sentence."""
    why: str
    """The risk it prevents."""
    applies: Callable[[str], bool]
    """Whether a path is its business."""
    check: Callable[[File], Iterable[tuple[int, str]]]
    """The lines that break it, with advice."""
    good: tuple[tuple[str, str], ...]
    """(path, text) it must accept."""
    bad: tuple[tuple[str, str], ...]
    """(path, text) it must refuse."""

    def complaints(self, file: File) -> Iterator[Complaint]:
        """What is wrong with one file."""
        if self.applies(file.path):
            yield from (Complaint(file.path, line, says) for line, says in self.check(file))


def in_source(path: str) -> bool:
    """Whether it is Python of the product that somebody wrote."""
    return path.startswith((SOURCE, CLIENT)) and path.endswith(".py") and not path.startswith(GENERATED)


def in_tests(path: str) -> bool:
    """Whether it is a Python test."""
    return path.startswith("tests/") and path.endswith(".py")


def project(root: Path, folders: Iterable[str]) -> Iterator[File]:
    """Every Python file under the named folders."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*.py")):
            if "__pycache__" not in path.parts:
                yield File(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
