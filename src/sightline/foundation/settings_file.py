"""The documented settings file: every setting with its meaning and its default, written from the declarations.

`python -m sightline.foundation.settings_file > docs/settings.toml`; a test compares the file with them.
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator

import tomlkit
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sightline.foundation.settings import Settings

HEAD = """\
# Sightline's settings. Copy what you change to sightline.toml in the folder you start Sightline in, or to the file that
# SIGHTLINE_CONFIG names. An environment variable wins over the file: SIGHTLINE_HTTP__PORT=8400 is http.port.
# What stands behind a # is the default.
"""
WIDTH = 118


def render() -> str:
    """The whole file."""
    return "\n".join([HEAD, *_branch(Settings, "")])


def _branch(model: type[BaseModel], name: str) -> Iterator[str]:
    """The plain settings of one branch, then the branches below it."""
    inner = {field: info.annotation for field, info in model.model_fields.items() if _is_branch(info.annotation)}
    if name:
        yield from _said(model.__doc__ or "")
        yield f"[{name}]\n"
    for field, info in model.model_fields.items():
        if field not in inner:
            yield from _said(info.description or "")
            yield f"# {field} = {_default(info)}".rstrip() + "\n"
    for field, below in inner.items():
        if isinstance(below, type) and issubclass(below, BaseModel):
            yield from _branch(below, f"{name}.{field}" if name else field)


def _is_branch(annotation: object) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _said(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent="# ", subsequent_indent="# ")


def _default(info: FieldInfo) -> str:
    """As TOML; empty where there is none, or where it is worked out."""
    if info.is_required() or info.default_factory is not None or info.default is None:
        return ""
    return str(tomlkit.item(info.default).as_string())


if __name__ == "__main__":
    sys.stdout.write(render())
