"""One prediction at a time: the same as in the list, for all who ask together."""

from __future__ import annotations

import asyncio
from urllib.parse import quote

from tests.interfaces.rest.conftest import Api, problem
from tests.interfaces.rest.histories import NAME, Made, keep, put_on_duty

MADE = [
    Made(key="a", probability=0.2, worth=10.0, deadline=3, verb="ask"),
    Made(key="b/ c", probability=0.4, worth=None, deadline=4),
    Made(key="late", probability=0.9, worth=5.0, deadline=-2, outcome=True),
    Made(key="gone", probability=0.5, worth=1.0, deadline=2, withdrawn=True),
    Made(key="old", probability=0.5, worth=1.0, deadline=2, model="m0"),
]


def path_of(subject: str, name: str = NAME) -> str:
    """Where one prediction is."""
    return f"/v1/questions/{name}/predictions/{quote(subject)}"


async def made(api: Api) -> None:
    """A workspace with predictions in it."""
    async with api.desk.db.transaction(api.tenant.number) as tx:
        now = api.desk.now(api.tenant)
        await put_on_duty(tx, "m1", now=now)
        await keep(tx, MADE, now=now)


async def test_each_is_what_the_list_says_however_many_ask_at_once(api: Api) -> None:
    await made(api)
    listed = (await api.client.get("/v1/predictions?all=true&aside=any")).json()["predictions"]
    assert {one["subject"] for one in listed} == {"line/a", "line/b/ c", "line/late"}
    answers = await asyncio.gather(*(api.client.get(path_of(one["subject"])) for one in listed * 20))
    assert [answer.json() for answer in answers] == listed * 20


async def test_the_newest_cutoff_is_told(api: Api) -> None:
    await made(api)
    async with api.desk.db.transaction(api.tenant.number) as tx:
        later = [Made(key="a", probability=0.7, worth=10.0, deadline=9)]
        await keep(tx, later, now=api.desk.now(api.tenant))
    assert (await api.client.get(path_of("line/a"))).json()["probability"] == 0.7


async def test_what_is_not_there_is_told_apart(api: Api) -> None:
    await made(api)
    for key in ("gone", "old", "never"):
        assert key in problem(await api.client.get(path_of(f"line/{key}")), 404, "not_found")["detail"]
    told = problem(await api.client.get(path_of("line/a", "supply.never")), 404, "not_found")
    assert "question" in told["detail"]
    problem(await api.client.get(path_of("LINE/a")), 400, "invalid")


async def test_it_answers_as_all_reads_do(api: Api) -> None:
    await made(api)
    path = path_of("line/a")
    whole = await api.client.get(path)
    assert (await api.client.get(path, headers={"If-None-Match": whole.headers["etag"]})).status_code == 304
    assert (await api.client.get(f"{path}?fields=probability")).json() == {"probability": 0.2}
    problem(await api.client.get(path, headers={"Authorization": "Bearer none"}), 401, "unauthenticated")
    await api.rest.trail.flush()
    entries = (await api.client.get("/v1/audit?what=get_prediction")).json()["entries"]
    assert entries
    assert {(one["who"], one["status"]) for one in entries} >= {("owner", 200), ("owner", 304)}
