"""The generated files, from the document to formatted text."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tools.client.document import prepared, tolerant
from tools.client.operations import Operation, operations
from tools.client.render import module

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "docs" / "openapi.json"
HOME = ROOT / "clients" / "python" / "src" / "sightline_client" / "_generated"
HEAD = '"""{} Written by `make docs` from docs/openapi.json; edit that, not this file."""\n'
SHAPE = """
--input-file-type openapi --output-model-type pydantic_v2.BaseModel --target-python-version 3.11 --formatters builtin
--base-class sightline_client.model.Model --output-datetime-class datetime --enum-field-as-literal all
--use-standard-collections --use-union-operator --strict-nullable --collapse-root-models --use-annotated
--use-schema-description --use-field-description --use-attribute-docstrings --use-one-literal-as-default
--use-single-line-docstring --disable-timestamp --disable-warnings
"""
"""How datamodel-code-generator shapes the models."""


def written(document: dict[str, Any]) -> dict[str, str]:
    """File name to text. Raises CalledProcessError when the models cannot be made, ValueError for what has no shape."""
    ready = prepared(document)
    found = list(operations(ready))
    return {
        "__init__.py": HEAD.format("What docs/openapi.json says, as Python."),
        "models.py": _formatted(HEAD.format("The shapes of answers.") + _models(tolerant(ready, _needed(found)))),
        "api.py": _formatted(HEAD.format("Every operation, blocking.") + module(found, asynchronous=False)),
        "async_api.py": _formatted(HEAD.format("Every operation, awaited.") + module(found, asynchronous=True)),
    }


def _needed(found: Iterable[Operation]) -> set[str]:
    """The shapes that signatures name."""
    told = [text for one in found for text in (one.answer, *(a.annotation for a in one.arguments))]
    return {name for text in told for name in re.findall(r"models\.(\w+)", text)}


def _models(document: dict[str, Any]) -> str:
    with tempfile.TemporaryDirectory() as folder:
        given, made = Path(folder, "openapi.json"), Path(folder, "models.py")
        given.write_text(json.dumps(document), encoding="utf-8")
        run = (sys.executable, "-W", "ignore", "-m", "datamodel_code_generator", "--input", str(given))
        subprocess.run([*run, "--output", str(made), *SHAPE.split()], check=True, cwd=folder)
        text = made.read_text(encoding="utf-8").partition("from __future__ import annotations\n")[2]
    # The notes stay for the eye; having them read again from the source would cost every program a moment at its start.
    text = re.sub(r"    model_config = ConfigDict\(\s*use_attribute_docstrings=True,?\s*\)\n", "", text)
    return re.sub(r"\s*use_attribute_docstrings=True,", "", text)


def _formatted(text: str) -> str:
    for step in (("check", "--fix", "--select", "I,F401", "--quiet"), ("format", "--quiet")):
        command = [sys.executable, "-m", "ruff", *step, "--config", str(ROOT / "pyproject.toml"), "-"]
        named = [*command[:-1], "--stdin-filename", str(HOME / "any.py"), "-"]
        text = subprocess.run(named, input=text, capture_output=True, text=True, check=True).stdout
    return text
