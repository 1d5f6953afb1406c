"""Bodies as rows: dotted paths, lists, and what is too much."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.kernel.observe import posted
from sightline.kernel.observe.posted import rows_of
from sightline.kernel.observe.table import BrokenRow, Row
from sightline.language.errors import Invalid, TooLarge

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)


def cells(found: Any, each: str = "") -> list[dict[str, str] | str]:
    rows = rows_of(found, each, {}, b"")
    return [row.cells if isinstance(row, Row) else row.reason for row in rows]


@pytest.mark.parametrize(
    ("found", "each", "expected"),
    [
        ({"a": 1, "b": {"c": "x", "d": None}, "e": [1]}, "", [{"a": "1", "b.c": "x", "b.d": "", "e": "[1]"}]),
        ([{"a": 1}, {"a": True}], "", [{"a": "1"}, {"a": "true"}]),
        ({"o": 1, "l": [{"s": "A"}, {"s": "B"}]}, "l", [{"o": "1", "l.s": "A"}, {"o": "1", "l.s": "B"}]),
        ({"d": {"o": 1, "l": [{"s": "A"}]}}, "d.l", [{"d.o": "1", "d.l.s": "A"}]),
        ({"l": ["A", 2]}, "l", [{"l": "A"}, {"l": "2"}]),
        ({"l": []}, "l", []),
        ([], "", []),
        ({"l": {}}, "l", ["There is no list at 'l'."]),
        ({"l": 1}, "l.m", ["There is no list at 'l.m'."]),
        (5, "", ['It is not a JSON object such as {"id": 1}.']),
        ([None], "l", ['It is not a JSON object such as {"id": 1}.']),
    ],
)
def test_a_body_becomes_rows(found: Any, each: str, expected: list[Any]) -> None:
    assert cells(found, each) == expected


def test_what_is_told_of_the_message_wins_over_what_it_says() -> None:
    (row,) = rows_of({"webhook": {"id": "mine"}, "a": 1}, "", {posted.ID: "m", posted.TIME: "t"}, b"")
    assert isinstance(row, Row)
    assert row.cells == {"a": "1", "webhook.id": "m", "webhook.time": "t"}


def test_a_nul_is_kept_aside() -> None:
    body = b'{"a": "\\u0000"}'
    (row,) = rows_of(posted.decoded(body), "", {}, body)
    assert isinstance(row, BrokenRow)
    assert "\0" not in row.raw


@given(found=JSON)
def test_whatever_is_json_is_read_or_refused(found: Any) -> None:
    body = msgspec.json.encode(found)
    for row in rows_of(posted.decoded(body), "", {}, body):
        assert isinstance(row, Row | BrokenRow)


@pytest.mark.parametrize("body", [b"", b"{", b"{'jane': 1}", b'{"jane": "\xff"}', b'{"jane": NaN}', b"[" * 100_000])
def test_whatever_is_none_is_refused_without_a_word_of_it(body: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        posted.decoded(body)
    assert refused.value.message == "The body is not JSON that can be read."


@pytest.mark.parametrize(
    "found",
    [
        [{}] * (posted.MOST + 1),
        {"l": [{}] * 9_000, **{f"m{n}": 1 for n in range(100)}},
        {"n" * 300: {"m" * 300: 1}},
    ],
)
def test_too_much_is_refused(found: Any) -> None:
    with pytest.raises(TooLarge):
        rows_of(found, "l" if "l" in found else "", {}, b"")


@pytest.mark.parametrize(
    ("found", "path", "name"),
    [({"id": "e"}, "id", "e"), ({"d": {"id": 5}}, "d.id", "5"), ({"id": ""}, "id", None), ({"id": [1]}, "id", None),
     ({}, "id", None), ([{"id": 1}], "id", None), ({"id": "e"}, "", None), ({"id": "x" * 300}, "id", None),
     ({"id": True}, "id", None), ({"id": 0}, "id", "0")],
)  # fmt: skip
def test_a_message_may_name_itself(found: Any, path: str, name: str | None) -> None:
    assert posted.named(found, path) == name
