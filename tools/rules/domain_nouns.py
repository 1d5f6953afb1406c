"""No domain noun in language/, foundation/ and kernel/.

Prevents: mechanism that serves one business. The first `if supplier` in the kernel is copied by the next domain,
and a pack written by somebody else no longer gets what the built-in ones get. Examples in docstrings and in the
messages of errors are welcome: only identifiers and the other strings are read.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tools.rule import SOURCE, File, Rule

FLOORS = tuple(SOURCE + floor for floor in ("language/", "foundation/", "kernel/"))
NOUNS = (
    *("churn", "customer", "freight", "invoice", "payer", "procurement", "prospect", "purchase"),
    *("receivable", "salesperson", "shipment", "supplier", "upsell", "vendor", "warehouse"),
)
"""Refused in identifiers and in strings, alone or as a part (`vendor_id`, `line.delivered by vendor`)."""

COMPOUND = ("order", "deal", "lead", "ticket", "delivery", "campaign")
"""Words with a technical or everyday sense (`order by`, `lead` of a cutoff): refused only where they name a thing."""

WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
PLAIN = {noun + end for noun in NOUNS for end in ("", "s")}
THING = re.compile(
    rf"^(?:{'|'.join(COMPOUND)})[./](?!by\b)|\b(?:{'|'.join(COMPOUND)})_(?:id|key|number|date|value|kind|line|item)s?\b"
    r"|\b(?:purchase|sales|open|late)_(?:order|deal|lead|ticket)s?\b|^(?:deals|leads|tickets|deliveries|campaigns)$"
)


def identifiers(node: ast.AST) -> Iterator[str]:
    """The names a node introduces or uses."""
    for field in ("id", "attr", "arg", "name", "module", "asname"):
        value = getattr(node, field, None)
        if isinstance(value, str):
            yield value


def noun_in(text: str) -> str | None:
    """The domain noun a text holds, if any."""
    for word in WORD.findall(text):
        if word.lower() in PLAIN:
            return str(word)
    found = THING.search(text)
    return found[0] if found else None


def check(file: File) -> Iterator[tuple[int, str]]:
    """Identifiers and strings; docstrings, messages and comments may give examples."""
    raised = (node for node in file.nodes if isinstance(node, ast.Raise))
    told = file.docstrings | {node for one in raised for node in ast.walk(one) if isinstance(node, ast.Constant)}
    for node in file.nodes:
        texts = list(identifiers(node))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in told:
            texts.append(node.value)
        for noun in filter(None, map(noun_in, texts)):
            line = getattr(node, "lineno", 1)
            yield line, f"'{noun}' belongs to a pack or the vocabulary; here it is a kind, a link or an attribute."


RULE = Rule(
    name="no domain noun in language/, foundation/, kernel/",
    why="Mechanism that knows one business serves no other.",
    applies=lambda path: path.startswith(FLOORS) and path.endswith(".py"),
    check=check,
    good=(
        (SOURCE + "kernel/a.py", '"""A line\'s vendor, say."""\n'),
        (SOURCE + "kernel/a.py", "sql = 'select a from t order by a'\nsort_order = 1\n"),
        (SOURCE + "kernel/a.py", "@dataclass(frozen=True, order=True)\nclass A:\n    lead: int\n"),
        (SOURCE + "kernel/act/a.py", "def deliver(action, delivery): ...\n"),
        (SOURCE + "packs/supply/know.py", "vendor = 'vendor'\n"),
        (SOURCE + "kernel/a.py", "raise Invalid('Write kind/key, such as vendor/ACME.')\n"),
        (SOURCE + "kernel/a.py", "says = 'This leads to a deal of work, in order to be sure.'\n"),
    ),
    bad=(
        (SOURCE + "kernel/a.py", "def score(supplier): ...\n"),
        (SOURCE + "kernel/a.py", "class VendorHistory: ...\n"),
        (SOURCE + "foundation/a.py", "kind = 'invoice'\n"),
        (SOURCE + "language/a.py", "order_id = 3\n"),
        (SOURCE + "kernel/a.py", "event = 'order.placed'\n"),
        (SOURCE + "kernel/a.py", "f(customer_id=1)\n"),
        (SOURCE + "kernel/a.py", "from sightline.vocabulary.invoice import KIND\n"),
    ),
)
