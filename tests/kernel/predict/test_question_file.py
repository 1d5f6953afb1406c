"""Questions in a file: both ways, and mistakes told by their place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.kernel.predict import question_file
from sightline.kernel.predict.language import parse
from sightline.kernel.predict.question_file import Told, load, text_of, told
from sightline.language.errors import Invalid, NotFound
from sightline.language.question import Question
from tests.kernel.predict.language import shop

LINE = "predict absent order.placed within 90 days for customer every 30 days active 180 days"
FILE = f"""
[own.leaves]
line = "{LINE}"
asks = "Will this customer stay away?"
yes = "leaves"
no = "stays"

[own.spends]
line = 'predict total order.placed.amount within 90 days for customer where segment is "Small shops" every 30 days'
unit = "USD"
"""

_WORDS = st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
_NAMES = st.from_regex(r"own\.[a-z][a-z0-9_]{0,12}", fullmatch=True)


def test_a_file_tells_its_questions_in_order() -> None:
    leaves, spends = question_file.parse(FILE)
    assert leaves == Told(
        name="own.leaves", line=LINE, asks="Will this customer stay away?", yes="leaves", no="stays", unit=None
    )
    assert (spends.name, spends.unit) == ("own.spends", "USD")
    assert parse(spends.line, shop.KINDS, shop.EVENTS).where[0].value == "Small shops"


@given(
    st.lists(
        st.builds(Told, name=_NAMES, line=shop.lines(), asks=_WORDS, yes=_WORDS, no=_WORDS, unit=_WORDS),
        min_size=1,
        max_size=3,
        unique_by=lambda one: one.name,
    )
)
def test_what_is_written_reads_the_same(questions: list[Told]) -> None:
    assert question_file.parse(text_of(questions)) == tuple(questions)


@given(shop.questions())
def test_a_question_is_told_whole(question: Question) -> None:
    named = replace(question, name="own.asked", asks="Who?", yes="a", no="b", unit="EUR")
    (read,) = question_file.parse(text_of([told(named)]))
    again = parse(read.line, shop.KINDS, shop.EVENTS, name=read.name)
    assert replace(again, asks=str(read.asks), yes=str(read.yes), no=str(read.no), unit=read.unit) == named


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", r"q\.toml holds no question"),
        ("own = 3", r"q\.toml holds no question"),
        ("[own.x", r"q\.toml is not TOML"),
        ("[own.x]\nline = 'a'\n[own.x]\nline = 'b'", r"q\.toml is not TOML"),
        ("[onw.x]\nline = 'a'", r"no \[onw\]\. Did you mean `own`"),
        ("[leaves]\nline = 'a'", r"no \[leaves\].*Write \[own\.leaves\]"),
        ("[own]\nx = 'a'", r"q\.toml, own\.x must be a table"),
        ("[own.X]\nline = 'a'", r"q\.toml, own\.X: 'X' cannot name"),
        ("[own.x]\nyes = 'a'", r"q\.toml, own\.x lacks `line`"),
        ("[own.x]\nlin = 'a'", r"q\.toml, own\.x: there is no `lin`\. Did you mean `line`"),
        ("[own.x]\nline = 3", r"q\.toml, own\.x: `line` must be a text, and is 3"),
        ('[own.x]\nline = "a\\u0000"', "must be a text"),
    ],
)
def test_a_mistake_is_told_by_its_place(text: str, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        question_file.parse(text, name="q.toml")


def test_no_file_and_what_is_none_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no file"):
        load(tmp_path / "none.toml")
    with pytest.raises(Invalid, match="holds no questions"):
        load(tmp_path)
    (tmp_path / "q.toml").write_text(FILE)
    assert len(load(tmp_path / "q.toml")) == 2
