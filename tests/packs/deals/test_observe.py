"""The shipped pipeline and its tables become the events that the pack declares: counted on all 8,800 deals."""

from __future__ import annotations

from collections import Counter
from functools import cache
from importlib.resources import files

from sightline.kernel.observe.mapping import Mapping
from sightline.kernel.observe.readers import open_table
from sightline.kernel.observe.rows import RowReader
from sightline.kernel.observe.table import Row
from sightline.language.event import Event
from sightline.language.time import DAWN
from sightline.packs.deals.know import EVENTS, KINDS
from sightline.packs.deals.observe import ACCOUNTS, AGENTS, PIPELINE, PRODUCTS
from sightline.packs.deals.predict import DECIDED

DATA = files("sightline.packs.deals") / "data"


@cache
def rows(name: str, mapping: Mapping) -> list[tuple[dict[str, str], dict[str, Event]]]:
    """Every row of a shipped file with its events by type."""
    table = open_table(str(DATA / f"{name}.csv.gz"), mapping.dialect)
    mapping.check(table.columns)
    found = []
    for row in table.rows():
        assert isinstance(row, Row)
        events = RowReader(mapping).events(row)
        assert isinstance(events, list), events
        found.append((row.cells, {event.type: event for event in events}))
    return found


def deals() -> list[tuple[dict[str, str], dict[str, Event]]]:
    """Every deal."""
    return rows("sales_pipeline", PIPELINE)


def test_deals_are_engaged_closed_won_and_lost_as_their_stage_says() -> None:
    counts = Counter(kind for _, events in deals() for kind in events)
    assert counts == {
        "deal.described": 8_800, "deal.engaged": 8_300, "deal.closed": 6_711, "deal.won": 4_238, "deal.lost": 2_473,
    }  # fmt: skip
    for cells, events in deals():
        assert ("deal.won" in events) == (cells["deal_stage"] == "Won")
        assert ("deal.lost" in events) == (cells["deal_stage"] == "Lost")
        assert ("deal.closed" in events) == (cells["close_date"] != "")


def test_a_deal_is_known_from_its_engagement_on_and_in_prospecting_from_the_start() -> None:
    for cells, events in deals():
        engaged = events.get("deal.engaged")
        assert events["deal.described"].known_at == (engaged.known_at if engaged else DAWN)
        assert (engaged is None) == (cells["deal_stage"] == "Prospecting")


def test_value_and_account_are_known_only_when_a_deal_is_closed() -> None:
    for cells, events in deals():
        described = events["deal.described"]
        assert described.data.keys() == {"links"}
        assert described.links.keys() == {"agent", "product"}
        if "deal.closed" in events:
            assert events["deal.closed"].data["close_value"] == int(cells["close_value"])
            assert events["deal.closed"].links == {"account": f"account/{cells['account']}"}
        if "deal.won" in events:
            assert events["deal.won"].data == {"close_value": int(cells["close_value"])}


def test_whatever_is_closed_is_closed_within_the_horizon_of_the_questions() -> None:
    spans = [
        events["deal.closed"].time - events["deal.engaged"].time for _, events in deals() if "deal.closed" in events
    ]
    assert max(spans).days == 138
    assert max(spans) < DECIDED


def test_the_tables_beside_it_are_linked_to() -> None:
    accounts, agents = rows("accounts", ACCOUNTS), rows("sales_teams", AGENTS)
    assert (len(accounts), len(rows("products", PRODUCTS)), len(agents)) == (85, 7, 35)
    assert {cells["account"] for cells, _ in deals()} - {""} <= {cells["account"] for cells, _ in accounts}
    assert {cells["sales_agent"] for cells, _ in deals()} <= {cells["sales_agent"] for cells, _ in agents}
    assert sum("parent" in events["account.described"].links for _, events in accounts) == 15


def test_kinds_and_events_are_declared_and_agents_are_people() -> None:
    assert [kind.name for kind in KINDS] == ["deal", "account", "product", "agent", "country", "manager", "office"]
    assert {kind.name for kind in KINDS if kind.person} == {"agent", "manager"}
    assert {event.name for event in EVENTS if event.of == "deal"} == {
        "deal.described", "deal.engaged", "deal.closed", "deal.won", "deal.lost",
    }  # fmt: skip
    value = KINDS[0].attribute("close_value")
    assert value is not None
    assert (value.known_by, value.assumed, value.unit) == ("deal.closed", False, "USD")
