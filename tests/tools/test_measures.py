"""The measures of the whole: what is counted, and when a limit speaks."""

from hypothesis import given
from hypothesis import strategies as st

from tools.measures import ENOUGH, FUNCTION_MEDIAN, complaints, lengths, percentile, summary
from tools.rule import File

LONG = "def f():\n" + "    g()\n" * FUNCTION_MEDIAN + "x = 1\n"


def test_bare_package_markers_are_not_files_to_speak_of() -> None:
    files = [File("src/sightline/a/__init__.py", '"""A."""\n'), File("src/sightline/a/b.py", LONG)]
    assert lengths(files) == ([FUNCTION_MEDIAN + 1], [FUNCTION_MEDIAN + 2])


def test_only_the_product_is_measured() -> None:
    assert lengths([File("tests/test_a.py", LONG)]) == ([], [])


def test_a_median_speaks_once_there_is_enough_to_speak_of() -> None:
    files = [File(f"src/sightline/a{n}.py", LONG) for n in range(ENOUGH)]
    assert [found.says.split(" is")[0] for found in complaints(files)] == ["function median"]
    assert list(complaints(files[1:])) == []
    assert f"median {FUNCTION_MEDIAN + 1}" in summary(files)


@given(st.lists(st.integers(0, 500), min_size=1), st.floats(0.01, 1))
def test_a_percentile_is_one_of_the_values_and_covers_its_share(values: list[int], share: float) -> None:
    found = percentile(values, round(share, 2))
    assert found in values
    assert sum(value <= found for value in values) >= round(share, 2) * len(values) - 1e-9
