"""A reference survives being written; anything else is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.language.errors import Invalid
from sightline.language.ref import KIND_NAME, MAX_KEY, Ref

KINDS = st.from_regex(KIND_NAME, fullmatch=True)
# No text of the database holds a NUL.
KEYS = st.text(st.characters(exclude_characters="\0", codec=None), min_size=1, max_size=MAX_KEY)
REFS = st.builds(Ref, KINDS, KEYS)


@given(REFS)
def test_a_reference_survives_being_written(ref: Ref) -> None:
    assert Ref.parse(str(ref)) == ref


@given(REFS, REFS)
def test_two_references_are_written_alike_only_when_they_are_the_same(one: Ref, other: Ref) -> None:
    assert (str(one) == str(other)) == (one == other)
    assert len({one, other}) == 1 + (one != other)


@given(st.lists(REFS))
def test_they_sort_by_kind_then_key(refs: list[Ref]) -> None:
    assert sorted(refs) == sorted(refs, key=lambda ref: (ref.kind, ref.key))


def test_a_key_may_hold_slashes() -> None:
    assert Ref.parse("shipment/DN/2014/7") == Ref("shipment", "DN/2014/7")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "line",
        "line/",
        "/4712",
        "Line/1",
        "1line/1",
        "li-ne/1",
        " line/1",
        "line/a\0b",
        "line/" + "x" * (MAX_KEY + 1),
    ],
)
def test_what_is_no_reference_is_refused_with_the_accepted_form(text: str) -> None:
    with pytest.raises(Invalid, match="Write kind/key"):
        Ref.parse(text)
