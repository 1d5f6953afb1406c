"""The page about questions: every line on it can be asked, and its file of questions can be read."""

from __future__ import annotations

import re
from pathlib import Path

from sightline.kernel.predict import question_file
from sightline.kernel.predict.language import FORMS, canonical, parse, words
from sightline.language.kind import Attribute, EventKind, Kind, Link, Sort

PAGE = (Path(__file__).parents[2] / "docs" / "questions.md").read_text(encoding="utf-8")
LINES = re.findall(r"predict [a-z][^`\n]*?(?=`|\"\n|\"$|\", kinds)", PAGE.replace("predict  ", "predict "))


def _kind(name: str, links: dict[str, str] | None = None, **sorts: Sort) -> Kind:
    return Kind(
        name=name,
        attributes=tuple(Attribute(name=one, sort=sort) for one, sort in sorts.items()),
        links=tuple(Link(name=role, to=to) for role, to in (links or {}).items()),
    )


KINDS = {
    one.name: one
    for one in (
        _kind("line", {"vendor": "vendor"}, promised_on=Sort.DAY, value=Sort.NUMBER, mode=Sort.CATEGORY),
        _kind("customer", segment=Sort.CATEGORY, plan=Sort.CATEGORY, charges=Sort.NUMBER, renews_on=Sort.DAY),
        _kind("order", {"customer": "customer"}, amount=Sort.NUMBER),
        _kind("account", churned=Sort.CATEGORY, fee=Sort.NUMBER),
        _kind("vendor"),
    )
}
EVENTS = {
    name: EventKind(name=name, of=of)
    for name, of in {
        "line.delivered": "line", "order.sent": "line", "order.placed": "order", "order.returned": "order",
        "customer.left": "customer",
    }.items()
}  # fmt: skip


def test_every_line_on_the_page_can_be_asked() -> None:
    asked = [parse(line, KINDS, EVENTS) for line in LINES if "segment for customer" not in line]
    assert {type(one.answer).__name__ for one in asked} == {"Absent", "Happens", "Count", "Total", "Next", "Value"}
    assert {type(one.when).__name__ for one in asked} == {"Before", "At", "Every", "Once"}
    assert len(asked) > 12
    for one in asked:
        assert parse(canonical(one), KINDS, EVENTS) == one


def test_its_file_of_questions_can_be_read() -> None:
    (text,) = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert [one.name for one in question_file.parse(text)] == ["own.leaves", "own.spends"]
    for one in question_file.parse(text):
        assert parse(one.line, KINDS, EVENTS)


def test_it_tells_every_word_of_the_language() -> None:
    assert [word for word in words() if not re.search(rf"\b{word}\b", PAGE)] == []
    assert {form.split()[1] for form in FORMS} <= set(re.findall(r"^\| `(\w+) ", PAGE, re.MULTILINE))
