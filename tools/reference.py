"""Write docs/reference.md and docs/openapi.json from the declarations: `python -m tools.reference`.

Prevents: documentation that rots. What is declared once (a pack, a kind, an event, a question, a setting, a route) is
told from there; tests compare both files with the declarations.
"""

from __future__ import annotations

import ast
import importlib
import json
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

from sightline.interfaces.rest import document
from sightline.kernel.pack import Pack

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "sightline"
PAGE = ROOT / "docs" / "reference.md"
OPENAPI = ROOT / "docs" / "openapi.json"
HEAD = "# Reference\n\nWritten by `make docs` from the declarations; edit those, not this page.\n"


def packs() -> Iterator[Pack]:
    """The built-in packs, by name of their folder."""
    for path in sorted((SOURCE / "packs").glob("*/pack.py")):
        module = importlib.import_module(f"sightline.packs.{path.parent.name}.pack")
        yield from (value for value in vars(module).values() if isinstance(value, Pack))


def table(title: str, head: str, rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """A titled table, or nothing when it has no rows."""
    lines = ["| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in row) + " |" for row in rows]
    if lines:
        columns = [cell.strip() for cell in head.split(",")]
        yield f"\n### {title}\n\n| {' | '.join(columns)} |\n|{'---|' * len(columns)}"
        yield from lines


def about(pack: Pack) -> Iterator[str]:
    """One pack's chapter."""
    yield f"\n## Pack `{pack.name}`"
    yield from table("Questions", "name, of, asks", ((f"`{q.name}`", f"`{q.of}`", q.asks) for q in pack.questions))
    yield from table("Events", "name, happens to, means", ((f"`{e.name}`", f"`{e.of}`", e.words) for e in pack.events))
    for kind in pack.kinds:
        attributes = ((f"`{a.name}`", a.sort.value, a.words, known(a.assumed, a.known_by)) for a in kind.attributes)
        links = ((f"`{k.name}`", f"link to `{k.to}`", k.words, known(k.assumed, k.known_by)) for k in kind.links)
        yield from table(f"Kind `{kind.name}`", "name, sort, means, known", (*attributes, *links))
        if kind.taken:
            yield f"\n{' '.join(kind.taken)}"
    lone = [f"`{kind.name}`" for kind in pack.kinds if not kind.attributes and not kind.links]
    if lone:
        yield f"\nKinds without attributes: {', '.join(lone)}."
    yield from table("Detectors", "name, looks at", ((f"`{d.name}`", f"`{d.question}`") for d in pack.detectors))
    does = ((p, one) for p in pack.playbooks for one in p.choices)
    playbooks = ((f"`{p.name}`", f"`{p.wakes_on}`", one.name, f"`{one.channel}`") for p, one in does)
    yield from table("Playbooks", "name, wakes on, would, through", playbooks)


def known(assumed: bool, event: str | None) -> str:
    """Since when a fact is known, in words."""
    return f"{f'from `{event}`' if event else 'from the start'}{' (assumed)' if assumed else ''}"


def notes(body: list[ast.stmt]) -> Iterator[tuple[str, ast.expr | None, ast.expr | None, str]]:
    """(name, annotation, value, note) of each assignment that has a note under it."""
    for statement, after in pairwise([*body, ast.Pass()]):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            told = after.value.value if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) else ""
            yield statement.target.id, statement.annotation, statement.value, str(told)


def derived() -> Iterator[tuple[str, str]]:
    """The events Sightline makes itself, and what they mean."""
    tree = ast.parse((SOURCE / "language" / "derived.py").read_text(encoding="utf-8"))
    for _, _, value, note in notes(tree.body):
        if isinstance(value, ast.Constant) and str(value.value).startswith("sightline."):
            yield str(value.value), note


def settings() -> Iterator[tuple[str, str, str]]:
    """Every setting as (environment variable, default, meaning), from the tree's root class `Settings` downwards."""
    tree = ast.parse((SOURCE / "foundation" / "settings.py").read_text(encoding="utf-8"))
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    yield from branch(classes, "Settings", "SIGHTLINE_")


def branch(classes: dict[str, ast.ClassDef], name: str, prefix: str) -> Iterator[tuple[str, str, str]]:
    """The settings below one class."""
    for field, annotation, value, note in notes(classes[name].body):
        kind = annotation.id if isinstance(annotation, ast.Name) else ""
        if field == "model_config" or field.startswith("_"):
            continue
        if kind in classes and any(isinstance(s, ast.AnnAssign) for s in classes[kind].body):
            yield from branch(classes, kind, f"{prefix}{field.upper()}__")
        else:
            yield prefix + field.upper(), default(value), note


def default(value: ast.expr | None) -> str:
    """The default as it is written; of a `Field`, the part that says it."""
    if isinstance(value, ast.Call):
        said = {keyword.arg: keyword.value for keyword in value.keywords}
        return ast.unparse(said["default"]) if "default" in said else "computed"
    return ast.unparse(value) if value else "required"


def page() -> str:
    """The whole page."""
    lines = [HEAD.rstrip(), *(line for pack in packs() for line in about(pack)), "\n## Sightline itself"]
    lines += table("Events it makes", "name, means", ((f"`{name}`", note) for name, note in derived()))
    lines += table("Settings", "variable, default, means", ((f"`{n}`", f"`{d}`", note) for n, d, note in settings()))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    OPENAPI.write_text(json.dumps(document(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
