"""Lists: what the filters say, page by page, each item exactly once."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.foundation import ledger, tenants
from sightline.interfaces.rest import paging
from sightline.kernel.observe.mapping_file import parse as parse_mapping
from sightline.language.errors import Invalid
from sightline.language.ref import Ref
from sightline.language.time import DAWN
from sightline.testing import make
from tests.interfaces.rest.conftest import Api, problem, wire
from tests.interfaces.rest.histories import NAME, Made, cutoff_of, keep, put_on_duty

_numbers = itertools.count()

MADE = st.lists(
    st.builds(
        Made,
        key=st.text(alphabet="aAbB/%é", min_size=1, max_size=4),
        probability=st.sampled_from([0.0, 0.2, 0.2, 0.5, 0.9, 1.0]),
        worth=st.sampled_from([None, 0.0, 10.0, 10.0, 250.5]),
        deadline=st.integers(-3, 4).filter(bool),
        outcome=st.sampled_from([None, None, True, False]),
        verb=st.sampled_from([None, "ask", "hold"]),
        withdrawn=st.sampled_from([False, False, False, True]),
        model=st.sampled_from(["m1", "m1", "m0"]),
    ),
    max_size=12,
    unique_by=lambda one: one.key,
)
FILTERS = st.fixed_dictionaries(
    {"rank": st.sampled_from(["money", "probability", "day"]), "limit": st.integers(1, 5)},
    optional={
        "all": st.booleans(),
        "verb": st.sampled_from(["ask", "hold", "act", "none"]),
        "q": st.text(alphabet="aAbB/%", min_size=1, max_size=2),
        "min_probability": st.sampled_from([0.0, 0.2, 0.5, 1.0]),
        "subject": st.just("line/a"),
        "deadline_before": st.integers(-2, 4),
    },
)


def expected(made: list[Made], filters: dict[str, Any]) -> list[Made]:
    """What is listed, by a plain reading of the filters."""

    def wanted(one: Made) -> bool:
        return (
            one.model == "m1"
            and not one.withdrawn
            and (filters.get("all") or (one.outcome is None and one.deadline > 0))
            and ("verb" not in filters or (one.verb or "none") == filters["verb"])
            and ("q" not in filters or filters["q"].lower() in one.key.lower())
            and one.probability >= filters.get("min_probability", 0)
            and ("subject" not in filters or one.key == "a")
            and ("deadline_before" not in filters or one.deadline < filters["deadline_before"])
        )

    return sorted(filter(wanted, made), key=order_of(filters["rank"]))


def order_of(rank: str) -> Callable[[Made], tuple[float, ...]]:
    """What a ranking is ordered by; what is alike in it may stand in any order."""

    def loss(one: Made) -> float:
        return float("inf") if one.worth is None else -one.probability * one.worth

    ranks: dict[str, Callable[[Made], tuple[float, ...]]] = {
        "money": lambda one: (loss(one), -one.probability),
        "probability": lambda one: (-one.probability, loss(one)),
        "day": lambda one: (one.deadline, loss(one), -one.probability),
    }
    return ranks[rank]


async def pages(api: Api, path: str, params: dict[str, Any], items: str) -> list[dict[str, Any]]:
    """All items, page after page."""
    found, after = [], None
    while True:
        answer = await api.client.get(path, params={**params, **({"after": after} if after else {})})
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert len(page[items]) <= params["limit"]
        found += page[items]
        after = page["next"]
        if after is None:
            return found
        assert len(page[items]) == params["limit"]


@settings(max_examples=40)
@given(made=MADE, filters=FILTERS, one=st.booleans())
async def test_filters_say_what_is_listed_and_pages_hold_each_once(
    api: Api, made: list[Made], filters: dict[str, Any], one: bool
) -> None:
    tenant = await tenants.make(api.desk.db, f"{api.tenant.name}-{next(_numbers)}", under=api.tenant,
                                clock_at=make.day(1000))  # fmt: skip
    await tenants.grant(api.desk.db, tenant, api.tenant, "operator")
    now = api.desk.now(tenant)
    async with api.desk.db.transaction(tenant.number) as tx:
        await put_on_duty(tx, "m1", now=now)
        await keep(tx, made, now=now)
    api.client.headers["Sightline-Workspace"] = tenant.name
    params = dict(filters)
    if "deadline_before" in params:
        params["deadline_before"] = make.day(1000 + params["deadline_before"]).isoformat()
    path = f"/v1/questions/{NAME}/predictions" if one else "/v1/predictions"
    found = await pages(api, path, params, "predictions")
    rightly = expected(made, filters)
    assert sorted(one["subject"] for one in found) == sorted(f"line/{one.key}" for one in rightly)
    by_subject = {f"line/{one.key}": one for one in made}
    order = order_of(filters["rank"])
    assert [order(by_subject[one["subject"]]) for one in found] == [order(one) for one in rightly]
    verbs = {f"line/{one.key}": one.verb for one in made}
    assert all((one["decision"] or {}).get("verb") == verbs[one["subject"]] for one in found)
    standing = (await api.client.get("/v1/questions")).json()["questions"][0]
    opened = expected(made, {"rank": "money"})
    answered = [one for one in made if one.model == "m1" and not one.withdrawn and one.outcome is not None]
    assert standing["predictions"]["open"] == len(opened)
    assert standing["predictions"]["yes"] == sum(bool(one.outcome) for one in answered)
    assert standing["predictions"]["no"] == sum(not one.outcome for one in answered)
    assert standing["money"]["open_expected_loss"] == pytest.approx(
        sum(one.probability * one.worth for one in opened if one.worth is not None)
    )
    assert standing["decided"] == {
        verb: n for verb in ("ask", "hold", "none") if (n := sum((one.verb or "none") == verb for one in opened))
    }


async def test_pages_hold_each_item_once_while_others_are_inserted(api: Api) -> None:
    now = api.desk.now(api.tenant)
    old = [Made(key=f"old{n:03}", probability=n % 7 / 10, worth=float(n % 5), deadline=1 + n % 3) for n in range(60)]
    async with api.desk.db.transaction(api.tenant.number) as tx:
        await put_on_duty(tx, "m1", now=now)
        await keep(tx, old, now=now)
    for rank in ("money", "probability", "day"):
        seen: list[str] = []
        after: dict[str, str] = {}
        for round_ in itertools.count():
            page = (await api.client.get("/v1/predictions", params={"rank": rank, "limit": 7, **after})).json()
            seen += [one["subject"] for one in page["predictions"]]
            if page["next"] is None:
                break
            after = {"after": page["next"]}
            new = [
                Made(key=f"{rank}{round_}-{n}", probability=n / 5, worth=float(n), deadline=1 + n % 3) for n in range(4)
            ]
            async with api.desk.db.transaction(api.tenant.number) as tx:
                await keep(tx, new, now=now)
        assert len(seen) == len(set(seen))
        assert {f"line/{one.key}" for one in old} <= set(seen)


async def test_quantities_stand_behind_all_chances_the_largest_first(api: Api) -> None:
    now = api.desk.now(api.tenant)
    said = {"small": 0.4, "large": 41.0, "none": 0.0, "debt": -3.0}
    made = [Made(key=key, probability=0.0, worth=None, deadline=2, quantity=value) for key, value in said.items()]
    async with api.desk.db.transaction(api.tenant.number) as tx:
        await put_on_duty(tx, "m1", now=now)
        await keep(tx, [*made, Made(key="chance", probability=0.1, worth=None, deadline=2)], now=now)
        came = Made(key="came", probability=0.0, worth=None, deadline=-30, quantity=7.0, outcome=12.5)
        await keep(tx, [came], now=now)
    found = await pages(api, "/v1/predictions", {"rank": "probability", "limit": 2}, "predictions")
    assert [one["subject"] for one in found] == [f"line/{key}" for key in ("chance", "large", "small", "none", "debt")]
    assert [(one["form"], one["probability"], one["quantity"]) for one in found[:2]] == [
        ("chance", 0.1, None), ("quantity", None, 41.0)
    ]  # fmt: skip
    likely = await pages(api, "/v1/predictions", {"min_probability": 0.0, "limit": 5}, "predictions")
    assert [one["subject"] for one in likely] == ["line/chance"]
    known = await pages(api, "/v1/predictions", {"all": True, "limit": 9, "q": "came"}, "predictions")
    assert [(one["outcome"], one["settled"], one["censored"]) for one in known] == [(12.5, True, False)]
    standing = (await api.client.get("/v1/questions")).json()["questions"][0]
    assert standing["predictions"] == {"open": 5, "yes": 0, "no": 0, "awaited": 0, "measured": 1}
    assert (await api.client.get("/v1/predictions", params={"fields": "quantity,unit"})).status_code == 200


async def test_what_is_set_aside_is_not_listed_until_it_is_taken_up(api: Api) -> None:
    now = api.desk.now(api.tenant)
    one, other = (Made(key=key, probability=0.5, worth=1.0, deadline=2) for key in ("a/1", "b"))
    async with api.desk.db.transaction(api.tenant.number) as tx:
        await put_on_duty(tx, "m1", now=now)
        await keep(tx, [one, other], now=now)
    body = {"question": NAME, "subject": "line/a/1", "cutoff": cutoff_of(one, now).isoformat()}
    made = await api.client.put("/v1/asides", json=body)
    assert made.status_code == 200, made.text
    assert (await api.client.put("/v1/asides", json=body)).json() == made.json()

    async def listed(aside: str) -> list[str]:
        found = (await api.client.get("/v1/predictions", params={"aside": aside})).json()["predictions"]
        return sorted(one["subject"] for one in found)

    assert (await listed("false"), await listed("true")) == (["line/b"], ["line/a/1"])
    assert await listed("any") == ["line/a/1", "line/b"]
    assert (await api.client.delete(f"/v1/asides/{made.json()['id']}")).status_code == 204
    assert await listed("false") == ["line/a/1", "line/b"]
    problem(await api.client.delete(f"/v1/asides/{made.json()['id']}"), 404, "not_found")
    problem(await api.client.put("/v1/asides", json={**body, "subject": "line/none"}), 404, "not_found")
    problem(await api.client.put("/v1/asides", json={**body, "cutoff": "someday"}), 400, "invalid")
    problem(await api.client.put("/v1/asides", json={**body, "question": "no.such"}), 404, "not_found")
    async with api.desk.db.transaction(api.tenant.number) as tx:
        told = await tx.rows("select type, kind, key from sightline.ledger where tenant = :t order by position",
                             t=api.tenant.number)  # fmt: skip
    assert [tuple(row.values()) for row in told] == [
        ("sightline.set_aside", "line", "a/1"), ("sightline.taken_up", "line", "a/1")
    ]  # fmt: skip


async def test_things_are_listed_found_and_followed_by_their_links(api: Api) -> None:
    events = [
        wire(str(n), subject=f"thing/Part-{n:02}", data={"size": n, "links": {"maker": f"firm/{n % 2}"}})
        for n in range(12)
    ]
    moved = wire("moved", subject="thing/Part-00", data={"links": {"maker": "firm/1"}})
    await api.post([*events, moved])
    await api.desk.go_round(api.tenant)
    found = await pages(api, "/v1/entities/thing", {"limit": 5}, "entities")
    assert [one["ref"] for one in found] == [f"thing/Part-{n:02}" for n in range(12)]
    assert found[3]["attributes"] == {"size": 3}
    linked = await pages(api, "/v1/entities/thing", {"limit": 2, "linked_to": "firm/0"}, "entities")
    assert [one["ref"] for one in linked] == [f"thing/Part-{n:02}" for n in range(2, 12, 2)]
    params = {"limit": 50, "linked_to": "firm/1", "role": "maker", "q": "pArT-0"}
    assert [one["ref"][-2:] for one in await pages(api, "/v1/entities/thing", params, "entities")] == [
        "00", "01", "03", "05", "07", "09"
    ]  # fmt: skip
    assert await pages(api, "/v1/entities/thing", {**params, "role": "owner"}, "entities") == []
    for q, refs in {"part-1": ["thing/Part-10", "thing/Part-11"], "T-07": ["thing/Part-07"], "%": []}.items():
        assert [one["ref"] for one in (await api.client.get("/v1/search", params={"q": q})).json()["found"]] == refs
    near = problem(await api.client.get("/v1/entities/thng"), 404, "not_found")
    assert "thing" in near["detail"]
    sheet = (await api.client.get("/v1/entities/thing/Part-00")).json()
    assert sheet["first_known"] <= sheet["last_known"] <= sheet["as_of"]


MAPPING = """
source = "people"
kind = "line"
key = "ID"
[columns]
Email = { name = "email", sort = "text", personal = true }
"""

PEOPLE = """
source = "register"
kind = "person"
person = true
key = "ID"
[columns]
Town = { name = "town", sort = "category" }
"""


async def test_a_person_is_found_by_the_whole_key_and_by_no_part_of_it(api: Api) -> None:
    async with api.desk.db.transaction(api.tenant.number) as tx:
        for source, text in {"people": MAPPING, "register": PEOPLE}.items():
            assert parse_mapping(text).source == source
            await tx.run("insert into sightline.mappings (tenant, source, text, updated_at) values (:t, :s, :x, :at)",
                         t=tx.tenant, s=source, x=text, at=api.desk.now(api.tenant))  # fmt: skip
    jane = "jane@example.com"
    event = wire("1", subject="line/1", data={"email": jane, "links": {"buyer": f"person/{jane}"}})
    assert (await api.post(event)).status_code == 200
    await api.desk.go_round(api.tenant)

    async def found(q: str, **more: str) -> list[str]:
        answer = await api.client.get("/v1/search", params={"q": q, **more})
        return [one["ref"] for one in answer.json()["found"]]

    assert await found(jane) == await found(jane, kind="person") == [f"person/{jane}"]
    for part in ("jane", "example", "tok_", "tok", "a", "e", "@"):
        assert await found(part) == []
        listed = (await api.client.get("/v1/entities/person", params={"q": part})).json()
        assert listed["entities"] == []
    whole = (await api.client.get("/v1/entities/person", params={"q": jane})).json()["entities"]
    assert [one["ref"] for one in whole] == [f"person/{jane}"]
    linked = (await api.client.get("/v1/entities/line", params={"linked_to": f"person/{jane}"})).json()["entities"]
    assert [(one["ref"], one["attributes"], one["links"]) for one in linked] == [
        ("line/1", {"email": jane}, {"buyer": f"person/{jane}"})
    ]


@pytest.mark.parametrize("after", ["x", "é", "W10", "WzFd", paging.encode(["only"]), paging.encode(["a\0", "1"])])
async def test_a_place_that_is_none_is_told(api: Api, after: str) -> None:
    for path in ("/v1/predictions", f"/v1/questions/{NAME}/predictions"):
        told = problem(await api.client.get(path, params={"after": after}), 400, "invalid")
        assert "next" in told["hint"]


PLACES = st.tuples(
    st.floats(allow_nan=False),
    st.text().filter(lambda text: "\0" not in text),
    st.datetimes(timezones=st.just(DAWN.tzinfo)),
)


@given(PLACES)
def test_a_place_comes_back_as_it_went(values: Any) -> None:
    assert paging.decode(paging.encode(values), (float, str, type(DAWN))) == values


def test_what_is_no_place_is_refused() -> None:
    with pytest.raises(Invalid):
        paging.decode("%%%", (str,))


async def test_nothing_goes_by_a_nul(api: Api) -> None:
    for path in ("/v1/search?q=%00", "/v1/entities/thing/%00", "/v1/predictions?q=a%00"):
        assert "NUL" in problem(await api.client.get(path), 400, "invalid")["detail"]
    body = {"question": NAME, "subject": "line/\0", "cutoff": "2015-01-01"}
    problem(await api.client.put("/v1/asides", json=body), 400, "invalid")
    problem(await api.client.put("/v1/asides", json={**body, "question": "a\0", "subject": "line/1"}), 400, "invalid")


async def test_what_is_declared_is_told_with_the_forms_of_a_question(api: Api) -> None:
    found = (await api.client.get("/v1/catalog")).json()
    line = next(one for one in found["kinds"] if one["name"] == "line")
    assert {"name": "value", "label": "value", "sort": "number", "unit": "USD", "personal": False} in line["attributes"]
    assert {one["name"] for one in found["events"]} >= {"line.delivered"}
    assert all(set(form.split()) & set(found["words"]) for form in found["forms"])


async def test_labels_units_and_the_span_stand_beside_a_thing(api: Api) -> None:
    events = [make.event("line/1", type="line.described", on=1, value=5), make.event("line/1", on=9, weight=2.0)]
    async with api.desk.db.transaction(api.tenant.number) as tx:
        ledger.record(tx, events, at=api.desk.now(api.tenant))
    await api.desk.go_round(api.tenant)
    for params in ({}, {"as_of": make.day(3).isoformat()}):
        found = (await api.client.get(f"/v1/entities/{Ref('line', '1')}", params=params)).json()
        assert (found["first_known"], found["last_known"]) == ("2020-01-02T00:00:00Z", "2020-01-10T00:00:00Z")
        assert found["units"]["value"] == "USD"
        assert found["labels"]["promised_on"] == "promised day"
