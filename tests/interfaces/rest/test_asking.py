"""Asking over HTTP: a line is checked, remembered, trained, dropped."""

from __future__ import annotations

from typing import Any

import pytest

from sightline.foundation import identity
from sightline.foundation.identity import Role
from sightline.kernel.desk import asking
from sightline.main.labour import Labour
from sightline.packs.supply.predict import ARRIVES_LATE
from sightline.testing import make
from tests.interfaces.rest.conftest import Api, finished, problem, sent

pytestmark = pytest.mark.usefixtures("short")

LINE = "predict absent thing.done until due for thing before due 7 days"
MAPPING = """
source = "things"
kind = "thing"
key = "id"
[events]
"thing.made" = { time = "made" }
"thing.done" = { time = "done", begins = false }
[columns]
"due" = { sort = "day", known = "thing.made" }
"size" = { sort = "number", unit = "EUR", known = "thing.made" }
"""


def day(number: float) -> str:
    return f"{make.day(number):%Y-%m-%d}"


def history(api: Api, past: int = 600, ahead: int = 5) -> str:
    """Things due day after day, every third done too late; and some that are due soon."""
    today = (api.desk.now(api.tenant) - make.EPOCH).days
    lines = ["id,made,due,done,size"]
    for n in range(past):
        due = today - 40 - past + n
        lines.append(f"t{n},{day(due - 30)},{day(due)},{day(due + (5 if n % 3 == 0 else -2))},{n % 7}")
    for n in range(ahead):
        lines.append(f"o{n},{day(today - 20)},{day(today + 3)},,{n}")
        lines.append(f"l{n},{day(today - 20)},{day(today + 30)},,{n}")
    return "\n".join(lines) + "\n"


async def take(api: Api, **how: Any) -> None:
    file = await sent(api, history(api, **how))
    await finished(api, await api.client.post("/v1/imports", json={"file": file, "text": MAPPING}))


async def test_a_line_is_checked_without_training(api: Api) -> None:
    await take(api)
    found = (await api.client.post("/v1/questions/check", json={"line": f"  {LINE.replace(' for', '   for')} "})).json()
    assert (found["line"], found["of"], found["name"]) == (LINE, "thing", "own.absent_thing_done_by_due")
    assert (found["eligible"], found["examples"], found["yes"]) == (610, 600, 200)
    assert (found["open"], found["later"], found["excluded"]) == (5, 5, {})
    assert found["enough"]
    assert "600 things of the past can be learned from, 200 of them 'yes'" in found["words"]
    listed = (await api.client.get("/v1/questions")).json()["questions"]
    assert found["name"] not in [one["name"] for one in listed]
    assert (await api.client.get("/v1/jobs", params={"state": "waiting"})).json()["jobs"] == []


async def test_too_little_is_said_with_what_is_missing(api: Api) -> None:
    await take(api, past=100)
    found = (await api.client.post("/v1/questions/check", json={"line": LINE})).json()
    assert (found["examples"], found["enough"]) == (100, False)
    assert "200" in found["words"]
    happens = LINE.replace("absent", "happens").replace("until", "by").replace("thing.done", "thing.made")
    found = (await api.client.post("/v1/questions/check", json={"line": happens})).json()
    assert (found["eligible"], found["excluded"]) == (0, {"answered_before_cutoff": 110})
    assert not found["enough"]


@pytest.mark.parametrize(
    ("line", "word", "allowed"),
    [
        ("predict absent thing.done unless due for thing before due 7 days", "unless", "until"),
        ("  predict   absent thing.done  until due for thing before due 7 dais", "dais", "days, hours or weeks"),
        ("predict absent thing.done until due for thing before due", "", "a whole number"),
        ("predict absent thing.done until due for thing before due 7 days 9", "9", "grace"),
        ("predct absent thing.done", "predct", "predict"),
        ("", "", "predict"),
        (LINE + " grace 1 days grace 2 days", "2", None),
    ],
)
async def test_what_cannot_be_read_is_pointed_at(api: Api, line: str, word: str, allowed: str | None) -> None:
    await take(api, past=1)
    for path in ("/v1/questions/check", "/v1/questions"):
        found = problem(await api.client.post(path, json={"line": line}), 400, "unparsable")
        assert line[found["at"] : found["at"] + found["length"]] == word
        assert found["at"] == (len(line) if not word else line.rindex(word))
        assert allowed is None or allowed in found["allowed"]


@pytest.mark.parametrize("line", [LINE.replace("thing.done", "thing.dome"), LINE.replace("due 7", "dew 7"),
                                  LINE.replace("for thing", "for thong")])  # fmt: skip
async def test_what_is_not_declared_is_told_with_what_is(api: Api, line: str) -> None:
    await take(api, past=1)
    found = problem(await api.client.post("/v1/questions/check", json={"line": line}), 404, "not_found")
    assert "Did you mean" in found["detail"]


@pytest.mark.parametrize("given", [{}, {"line": None}, {"line": "\0"}, {"line": LINE, "name": "mine"},
                                   {"line": LINE, "name": "supply.arrives_late"}, {"line": LINE, "yes": "no"},
                                   {"line": LINE, "yes": " "}, {"line": LINE, "yes": "x" * 41}])  # fmt: skip
async def test_what_is_no_question_is_told(api: Api, given: dict[str, Any]) -> None:
    await take(api, past=1)
    assert problem(await api.client.post("/v1/questions", json=given), 400, "invalid")


async def test_a_question_is_trained_and_answers_in_its_own_words(api: Api) -> None:
    await take(api)
    given = {"line": LINE, "name": "own.slow", "asks": "Will it be slow?", "yes": "slow", "no": "quick"}
    done = await finished(api, await api.client.post("/v1/questions", json=given))
    assert (done["what"], done["about"], done["result"]["question"]) == ("train", "own.slow", "own.slow")
    assert done["done"] == done["of"] > 0
    proof = (await api.client.get("/v1/questions/own.slow/proof")).json()
    assert (proof["verdict"], proof["headline"]) == (done["result"]["verdict"], done["result"]["headline"])
    assert {one["called"] for one in proof["sides"]} == {"slow", "quick"}
    question = (await api.desk.catalog(api.tenant)).question("own.slow")
    assert (question.yes, question.no, question.asks) == ("slow", "quick", "Will it be slow?")
    again = await finished(api, await api.client.post("/v1/questions/own.slow/train"))
    assert {**again["result"], "version": ""} == {**done["result"], "version": ""}
    found = (await api.client.get("/v1/questions/own.slow/versions")).json()["versions"]
    assert [(one["version"], one["state"]) for one in found] == [
        (again["result"]["version"], "champion"), (done["result"]["version"], "retired")
    ]  # fmt: skip
    assert found[0]["took_over_from"] == found[1]["version"]
    assert found[0]["verdict"] == done["result"]["verdict"]
    assert (await api.client.delete("/v1/questions/own.slow")).status_code == 204
    problem(await api.client.get("/v1/questions/own.slow/proof"), 404, "not_found")
    problem(await api.client.delete("/v1/questions/own.slow"), 404, "not_found")
    problem(await api.client.post("/v1/questions/own.slow/train"), 404, "not_found")
    problem(await api.client.delete(f"/v1/questions/{ARRIVES_LATE.name}"), 400, "invalid")


async def test_training_that_is_cancelled_leaves_the_model_on_duty(api: Api) -> None:
    await take(api)
    await finished(api, await api.client.post("/v1/questions", json={"line": LINE, "name": "own.slow"}))
    before = (await api.client.get("/v1/questions/own.slow/proof")).json()
    made = (await api.client.post("/v1/questions/own.slow/train")).json()
    async with api.desk.db.transaction(api.tenant.number) as tx:
        await tx.run("update sightline.jobs set cancel = true where id = :id", id=made["id"])
        trained = await tx.value("select count(*) from sightline.models where tenant = :t", t=tx.tenant)
    assert await Labour(api.desk).do(api.tenant, made["id"])
    found = (await api.client.get(f"/v1/jobs/{made['id']}")).json()
    assert (found["state"], found["result"], found["problem"]) == ("cancelled", None, None)
    assert (await api.client.get("/v1/questions/own.slow/proof")).json() == before
    async with api.desk.db.transaction(api.tenant.number) as tx:
        assert await tx.value("select count(*) from sightline.models where tenant = :t", t=tx.tenant) == trained


async def test_what_trains_a_question_that_is_dropped_stops(api: Api) -> None:
    await take(api, past=1)
    first = await finished(api, await api.client.post("/v1/questions", json={"line": LINE, "name": "own.slow"}))
    assert first["result"]["verdict"] == "do_not_use"
    made = (await api.client.post("/v1/questions/own.slow/train")).json()
    assert (await api.client.delete("/v1/questions/own.slow")).status_code == 204
    assert (await api.client.get(f"/v1/jobs/{made['id']}")).json()["state"] == "cancelled"


async def test_a_pack_s_question_that_cannot_be_trained_fails_with_its_problem(api: Api) -> None:
    answer = await api.client.post("/v1/questions", json={"line": LINE})
    problem(answer, 404, "not_found")
    await take(api, past=1)
    made = await api.client.post("/v1/questions", json={"line": LINE, "name": "own.slow"})
    (batch,) = (await api.client.get("/v1/imports")).json()["imports"]
    async with api.desk.db.transaction(api.tenant.number) as tx:
        await tx.run("delete from sightline.mappings where tenant = :t", t=tx.tenant)
    failed = await finished(api, made, "failed")
    assert (failed["problem"]["code"], failed["problem"]["status"]) == ("not_found", 404)
    assert failed["problem"]["instance"] == f"/v1/jobs/{failed['id']}"
    assert batch["rows"] == 11


async def test_lines_to_start_from_are_valid(api: Api) -> None:
    assert (await api.client.get("/v1/questions/suggested")).json() == {"lines": []}
    await take(api, past=1)
    lines = (await api.client.get("/v1/questions/suggested")).json()["lines"]
    assert lines
    for line in lines:
        assert (await api.client.post("/v1/questions/check", json={"line": line})).status_code == 200


async def test_a_question_is_remembered_without_training(api: Api) -> None:
    await take(api, past=1)
    path = "/v1/questions/own.slow"
    given = {"line": LINE.replace(" for", "   for"), "asks": "Slow?", "yes": "slow", "no": "quick", "unit": "EUR"}
    made = (await api.client.put(path, json=given)).json()
    assert made == {"name": "own.slow", "line": LINE, "of": "thing", "asks": "Slow?"}
    question = (await api.desk.catalog(api.tenant)).question("own.slow")
    assert (question.yes, question.no, question.unit) == ("slow", "quick", "EUR")
    (listed,) = [
        one for one in (await api.client.get("/v1/questions")).json()["questions"] if one["name"] == "own.slow"
    ]
    assert (listed["line"], listed["verdict"]) == (LINE, None)
    await api.client.put(path, json={"line": LINE.replace("7 days", "9 days")})
    again = (await api.desk.catalog(api.tenant)).question("own.slow")
    assert (again.yes, again.unit, again.asks.endswith("?")) == ("yes", None, True)
    problem(await api.client.put(path, json={"line": LINE, "unit": "x" * 41}), 400, "invalid")
    problem(await api.client.put(path, json={"line": LINE.replace("due 7", "due")}), 400, "unparsable")
    problem(await api.client.put(f"/v1/questions/{ARRIVES_LATE.name}", json={"line": LINE}), 400, "invalid")


LOG = """
source = "visits"
kind = "guest"
key = "id"
rows = "events"
[events]
"guest.came" = { time = "day" }
"""
FLAT = """
source = "accounts"
kind = "account"
key = "id"
[columns]
"left" = { sort = "category" }
"""


async def test_logs_and_tables_without_time_are_suggested_what_fits_them(api: Api) -> None:
    visits = "id,day\n" + "".join(f"g{n % 5},{day(n)}\n" for n in range(20))
    accounts = "id,left\n" + "".join(f"a{n},{'Yes' if n % 3 else 'No'}\n" for n in range(90))
    for text, mapping in ((visits, LOG), (accounts, FLAT)):
        await finished(api, await api.client.post("/v1/imports", json={"file": await sent(api, text), "text": mapping}))
    tail = "guest.came within 90 days for guest every 30 days active 180 days"
    suggested = ["predict value left is No for account once",
                 *(f"predict {verb} {tail}" for verb in ("absent", "count", "next"))]  # fmt: skip
    assert (await api.client.get("/v1/questions/suggested")).json()["lines"] == suggested
    for line in suggested:
        name = f"own.{line.split()[1]}"
        assert (await api.client.put(f"/v1/questions/{name}", json={"line": line})).status_code == 200
    assert (await api.client.get("/v1/questions/suggested")).json()["lines"] == []


async def test_a_viewer_asks_nothing(api: Api) -> None:
    token = await identity.issue(api.desk.db, api.tenant, "viewer", Role.VIEWER)
    mine = {"Authorization": f"Bearer {token}"}
    for method, path in (("POST", "check"), ("POST", "x/train"), ("DELETE", "own.x"), ("POST", "")):
        answer = await api.client.request(
            method, f"/v1/questions/{path}".rstrip("/"), headers=mine, json={"line": LINE}
        )
        problem(answer, 403, "forbidden")
    assert (await api.client.get("/v1/questions/suggested", headers=mine)).status_code == 200


async def test_words_of_a_pack_are_its_own(api: Api) -> None:
    from sightline.language.errors import Invalid

    with pytest.raises(Invalid, match="its pack's"):
        asking.worded(ARRIVES_LATE, yes="slow")
    assert asking.worded(ARRIVES_LATE) == ARRIVES_LATE
