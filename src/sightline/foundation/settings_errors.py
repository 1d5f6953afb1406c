"""What to say about settings that cannot be used: the name, its value unless it is secret, and what was allowed."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, SecretStr, ValidationError

from sightline.language.errors import Misconfigured

PREFIX = "SIGHTLINE_"
HINT = "All settings are in docs/settings.toml."
KEY = re.compile(r"[0-9a-fA-F]{64}")

OTHERS = frozenset({"SIGHTLINE_CONFIG", "SIGHTLINE_DATA"})
"""Variables that are no settings: the file to read, and a folder of data sets that benchmarks look into."""

NEAR = 0.8
"""Likeness (difflib's ratio) from which a name is taken for a slip of ours. Less alike ones may be somebody else's:
an environment is shared."""


def told(error: ValidationError, tree: type[BaseModel]) -> Misconfigured:
    """All that is wrong, in one error."""
    wrong = "; ".join(_line(one["type"], one["loc"], one["msg"], one["input"], tree) for one in error.errors())
    return Misconfigured(f"These settings cannot be used: {wrong}.", hint=HINT)


def check_environment(environment: Mapping[str, str], tree: type[BaseModel]) -> None:
    """Raises Misconfigured for a variable that can only be a misspelt setting; it would else be silently ignored."""
    for variable in sorted(environment):
        name = variable.upper()
        top = name.removeprefix(PREFIX).lower().split("__")[0]
        if not name.startswith(PREFIX) or name in OTHERS or top in tree.model_fields:
            continue
        if "__" in name or difflib.get_close_matches(top, tree.model_fields, 1, NEAR):
            raise Misconfigured(f"{variable} is no setting: {_known(top, tree.model_fields)}.", hint=HINT)


def is_readable_toml(file: Path) -> bool:
    """Whether there is such a file. Raises Misconfigured when it is no TOML or may not be read."""
    try:
        tomllib.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return False
    except OSError as error:
        # A home that others may not look into is for whoever makes it to report, not for its settings file.
        if isinstance(error, PermissionError) and not _listed(file):
            return False
        raise Misconfigured(f"{file} cannot be read ({error.strerror}).", hint="Give yourself the right to.") from None
    except ValueError as error:
        raise Misconfigured(f"{file} is not valid TOML: {error}.", hint="Mend it; docs/settings.toml is one.") from None
    return True


def _listed(file: Path) -> bool:
    try:
        file.stat()
    except OSError:
        return False
    return True


def _line(sort: str, place: tuple[int | str, ...], message: str, given: Any, tree: type[BaseModel]) -> str:
    name = ".".join(map(str, place))
    branch, field = _at(place, tree)
    if sort == "extra_forbidden":
        return f"'{name}' is none: {_known(str(place[-1]), branch.model_fields)}"
    shown = "" if field is None or _is_secret(branch, field) or isinstance(given, dict) else f" (got {given!r})"
    return f"{name}: {message.removeprefix('Value error, ')}{shown}"


def _at(place: tuple[int | str, ...], tree: type[BaseModel]) -> tuple[type[BaseModel], str | None]:
    """The branch a place lies in, and the field of it."""
    for step in place[:-1]:
        below = tree.model_fields[str(step)].annotation if str(step) in tree.model_fields else None
        if not (isinstance(below, type) and issubclass(below, BaseModel)):
            return tree, str(step)
        tree = below
    return tree, str(place[-1]) if place else None


def _is_secret(branch: type[BaseModel], field: str) -> bool:
    found = branch.model_fields.get(field)
    return found is not None and SecretStr in (found.annotation, *get_args(found.annotation))


def _known(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), 1)
    return (f"did you mean '{near[0]}'? " if near else "") + f"There are {', '.join(known)}"
