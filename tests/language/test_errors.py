"""One error tree: drawn as it is, each leaf with a status and a code of its own, and every message teaches."""

import pickle
import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.language import errors
from sightline.language.errors import NotFound, SightlineError, Terminal, Transient

DRAWN = dict(re.findall(r"── (\w+)[^\n]*?(\d{3})?$", errors.__doc__ or "", re.MULTILINE))


def below(root: type[SightlineError]) -> Iterator[type[SightlineError]]:
    """Every class of the tree as it stands in the module, without the root."""
    for child in root.__subclasses__():
        if child.__module__ == errors.__name__:
            yield child
            yield from below(child)


TREE = list(below(SightlineError))
LEAVES = [one for one in TREE if one not in (Terminal, Transient)]
NAMES = st.text(st.characters(codec="ascii", categories=["L"]), min_size=1, max_size=12)


def test_the_drawing_shows_every_error_and_no_other() -> None:
    assert set(DRAWN) == {one.__name__ for one in TREE}


@pytest.mark.parametrize("kind", LEAVES)
def test_each_leaf_has_the_status_that_is_drawn(kind: type[SightlineError]) -> None:
    assert kind.status == int(DRAWN[kind.__name__])


@pytest.mark.parametrize("kind", LEAVES)
def test_whether_to_retry_is_a_type(kind: type[SightlineError]) -> None:
    assert issubclass(kind, Terminal) != issubclass(kind, Transient)
    # 409 is both: what stands in the way may be gone in a moment, or never.
    assert kind.status in {409, 429, 503} if issubclass(kind, Transient) else kind.status not in {429, 503}


def test_codes_are_stable_names_of_their_own() -> None:
    codes = [one.code for one in LEAVES]
    assert len(set(codes)) == len(codes)
    assert [one.code for one in LEAVES] == [re.sub(r"(?<!^)(?=[A-Z])", "_", one.__name__).lower() for one in LEAVES]


@given(st.sampled_from(TREE), st.text(), st.none() | st.text(min_size=1))
def test_an_error_crosses_processes_whole(kind: type[SightlineError], message: str, hint: str | None) -> None:
    sent = kind(message, hint=hint)
    read = pickle.loads(pickle.dumps(sent))
    assert (type(read), read.message, read.hint, str(read)) == (kind, message, hint, str(sent))
    assert message in str(sent)
    assert (hint or "") in str(sent)


@given(NAMES, st.sets(NAMES, max_size=20))
def test_not_found_names_the_value_and_what_there_is(name: str, known: set[str]) -> None:
    said = str(NotFound.named("question", name, known))
    assert f"No question '{name}'" in said
    assert all(one in said for one in sorted(known)[:8])
    assert ("none yet" in said) or known


def test_not_found_guesses_what_was_meant() -> None:
    said = str(NotFound.named("question", "custmers.leaves", ["customers.leaves", "supply.arrives_late"]))
    assert "Did you mean 'customers.leaves'?" in said
