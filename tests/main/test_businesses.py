"""The businesses of the demonstration: told apart, complete, and plain about data that do not ship."""

from __future__ import annotations

from pathlib import Path

import pytest

from sightline.kernel.observe.readers import open_table
from sightline.language.errors import NotFound
from sightline.language.time import DAWN
from sightline.main.businesses import BUSINESSES, Business, Source, business
from sightline.main.installation import REGISTRY
from tests.main.served import run

SOURCES = [(one, source) for one in BUSINESSES.values() for source in one.sources]
SHIPPED = [source for _, source in SOURCES if source.origin is None]


def test_each_has_a_workspace_of_its_own_and_supply_the_usual_one() -> None:
    names = [one.workspace for one in BUSINESSES.values()]
    assert names == ["demo", "demo-leads", "demo-customers", "demo-receivables", "demo-deals"]


@pytest.mark.parametrize("one", BUSINESSES.values(), ids=BUSINESSES)
def test_what_is_asked_is_declared_and_the_headline_is_a_chance(one: Business) -> None:
    questions = REGISTRY.catalog().questions
    assert [questions[question.name] for question in one.questions] == list(one.questions)
    assert one.headline.chance
    assert one.today > DAWN
    kinds = {source.mapping.kind for source in one.sources}
    assert {question.of for question in one.questions} <= kinds | {
        column.link for source in one.sources for column in source.mapping.columns
    }


@pytest.mark.parametrize("source", SHIPPED, ids=lambda source: source.file)
def test_what_ships_is_there_with_its_columns_and_rows(source: Source) -> None:
    ((path, _),) = [found for one in BUSINESSES.values() for found in _shipped(one) if found[1] is source]
    table = open_table(path, source.mapping.dialect)
    source.mapping.check(table.columns)
    assert sum(1 for _ in table.rows()) == source.rows


def _shipped(one: Business) -> list[tuple[Path, Source]]:
    return one.files(None) if all(source.origin is None for source in one.sources) else []


@pytest.mark.parametrize("name", ["customers", "receivables"])
def test_what_does_not_ship_is_told_with_its_place_and_origin(name: str, tmp_path: Path) -> None:
    source = business(name).sources[0]
    with pytest.raises(NotFound) as unset:
        business(name).files(None)
    assert f"The demo of '{name}' reads {source.file}, which may not ship" in str(unset.value)
    assert f"Get it from {source.origin}" in str(unset.value)
    assert "SIGHTLINE_DATA" in str(unset.value)
    with pytest.raises(NotFound) as absent:
        business(name).files(tmp_path)
    assert f"which SIGHTLINE_DATA ({tmp_path}) does not hold" in str(absent.value)
    assert f"save it as {tmp_path / source.file}." in str(absent.value)
    for one in business(name).sources:
        (tmp_path / one.file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / one.file).touch()
    assert [path for path, _ in business(name).files(tmp_path)] == [
        tmp_path / one.file for one in business(name).sources
    ]


def test_an_unknown_business_is_told_with_its_nearest() -> None:
    with pytest.raises(NotFound, match=r"No business 'dealz'. Did you mean 'deals'\? Known: customers, deals, leads"):
        business("dealz")


def test_the_command_refuses_before_it_makes_a_workspace(home: Path) -> None:
    done = run(home, "demo", "--business", "receivables", "--once", SIGHTLINE_DATA=str(home / "nowhere"))
    assert done.returncode == 2
    assert f"SIGHTLINE_DATA ({home / 'nowhere'}) does not hold" in done.stderr
    assert "demo-receivables" not in run(home, "workspace").stdout
