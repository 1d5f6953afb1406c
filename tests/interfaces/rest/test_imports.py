"""Files over HTTP: sent, proposed, previewed, imported, taken back; and what is refused on the way."""

from __future__ import annotations

import asyncio
import gzip
import os
import stat
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from sightline.foundation import identity
from sightline.foundation.identity import Role
from sightline.foundation.settings import HttpSettings
from sightline.interfaces.rest import build
from sightline.kernel.desk import Desk
from sightline.main.labour import Labour
from tests.interfaces.rest.conftest import Api, finished, problem, sent

FILE = "id,seen,size,site\na,2015-01-05,10,north\nb,2015-01-06,11,south\nc,2015-01-07,12,north\n"
MAPPING = {
    "source": "things",
    "kind": "thing",
    "key": "id",
    "events": {"thing.seen": {"time": "seen"}},
    "columns": {"size": {"sort": "number", "known": "thing.seen"}, "site": {"link": "site"}},
}
TOML = """
source = "things"
kind = "thing"
key = "id"
[events]
"thing.seen" = { time = "seen" }
[columns]
"size" = { sort = "number", known = "thing.seen" }
"site" = { link = "site" }
"""
NOTHING = "0" * 32


def folder(api: Api) -> Path:
    """Where the files of the workspace lie."""
    return api.desk.uploads.of(api.tenant.number)


def lying(api: Api) -> list[str]:
    """The files that lie there."""
    return [path.name for path in folder(api).iterdir()] if folder(api).exists() else []


async def test_from_a_file_to_a_batch_and_back(api: Api) -> None:
    file = await sent(api, FILE)
    found = (await api.client.get(f"/v1/files/{file}/proposal")).json()
    assert [one["column"] for one in found["columns"]] == ["id", "seen", "size", "site"]
    assert found["rows"][0] == ["a", "2015-01-05", "10", "north"]
    assert found["events"]
    assert tomllib.loads(found["text"]) == found["mapping"]
    same = await api.client.post(f"/v1/files/{file}/preview", json={"mapping": found["mapping"]})
    assert {name: same.json()[name] for name in ("mapping", "events", "rows", "misfits")} == {
        name: found[name] for name in ("mapping", "events", "rows", "misfits")
    }
    assert "columns" not in same.json()
    assert await api.recorded() == []
    done = await finished(api, await api.client.post("/v1/imports", json={"file": file, "mapping": found["mapping"]}))
    assert (done["about"], done["by"], done["done"], done["problem"]) == ("things.csv", "owner", 3, None)
    assert done["result"]["rows"] == 3
    assert done["result"]["events"] == len(await api.recorded()) > 0
    assert lying(api) == []
    (batch,) = (await api.client.get("/v1/imports")).json()["imports"]
    assert (batch["id"], batch["file"], batch["rows"]) == (done["result"]["batch"], "things.csv", 3)
    undone = await finished(api, await api.client.post(f"/v1/imports/{batch['id']}/undo"))
    assert undone["result"] == {"retracted": done["result"]["events"], "restored": 0, "unstaged": 0}
    problem(await api.client.post(f"/v1/imports/{batch['id']}/undo"), 409, "conflict")
    problem(await api.client.post("/v1/imports/unheard/undo"), 404, "not_found")


async def test_toml_is_taken_as_well_and_says_the_same(api: Api) -> None:
    file = await sent(api, FILE)
    previews = [
        (await api.client.post(f"/v1/files/{file}/preview", json=given)).json()
        for given in ({"mapping": MAPPING}, {"text": TOML})
    ]
    assert previews[0] == previews[1]
    assert [one["type"] for one in previews[0]["events"]].count("thing.seen") == 3
    done = await finished(api, await api.client.post("/v1/imports", json={"file": file, "text": TOML}))
    assert done["result"]["rows"] == 3


async def test_a_packed_file_is_read(api: Api) -> None:
    file = await sent(api, gzip.compress(FILE.encode()), "things.csv.gz")
    found = (await api.client.get(f"/v1/files/{file}/proposal")).json()
    assert found["mapping"]["source"] == "things"
    named = await api.client.get(f"/v1/files/{file}/proposal", params={"source": "Other things"})
    assert named.json()["mapping"]["source"] == "other_things"


@pytest.mark.parametrize("name", ["../../x", "/etc/x", "..\\..\\x", "a/../x", "x"])
async def test_a_name_is_never_a_path(api: Api, name: str) -> None:
    file = await sent(api, FILE, name)
    assert lying(api) == [file]
    assert stat.S_IMODE(os.stat(folder(api) / file).st_mode) == 0o600
    done = await finished(api, await api.client.post("/v1/imports", json={"file": file, "mapping": MAPPING}))
    assert done["about"] == "x"


@pytest.mark.parametrize("name", ["", "  ", "..", "a/", "a\0b", "a\nb", "n" * 300, "n" * 2000])
async def test_what_is_no_name_is_refused(api: Api, name: str) -> None:
    problem(await api.client.post("/v1/files", params={"name": name}, content=FILE.encode()), 400, "invalid")
    problem(await api.client.post("/v1/files", content=FILE.encode()), 400, "invalid")
    assert lying(api) == []


WRONG: dict[str, bytes] = {
    "picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "garbage": bytes(range(256)) * 40,
    "header alone": b"id,seen,size\n",
    "blank": b"\n\n\n",
    "huge header": b"id," + b"x" * 3_000_000 + b"\n1,2\n",
    "damaged parquet": b"PAR1" + b"\0" * 100,
    "broken off": gzip.compress(FILE.encode() * 500)[:-30],
    "a list": b'[{"id": 1}]',
    "workbook": b"PK\x03\x04" + b"\0" * 60,
}


@pytest.mark.parametrize("content", WRONG.values(), ids=WRONG.keys())
async def test_what_is_no_table_is_told_by_the_name_it_was_sent_with(api: Api, content: bytes) -> None:
    file = await sent(api, content, "mine.csv")
    found = problem(await api.client.get(f"/v1/files/{file}/proposal"), 400, "invalid")
    assert file not in found["detail"] + found.get("hint", "")
    assert "mine.csv" in found["detail"]
    problem(await api.client.post(f"/v1/files/{file}/preview", json={"mapping": MAPPING}), 400, "invalid")
    problem(await api.client.post("/v1/imports", json={"file": file, "mapping": MAPPING}), 400, "invalid")
    assert (await api.client.get("/v1/jobs")).json()["jobs"] == []


async def test_an_empty_file_is_refused_and_leaves_nothing(api: Api) -> None:
    found = problem(await api.client.post("/v1/files", params={"name": "x.csv"}), 400, "invalid")
    assert "empty" in found["detail"]
    assert lying(api) == []


def but(**changes: Any) -> dict[str, Any]:
    """The mapping, changed."""
    return {"mapping": {**MAPPING, **changes}}


BAD: dict[str, dict[str, Any]] = {
    "nothing": {},
    "both": {"mapping": MAPPING, "text": TOML},
    "no TOML": {"text": "source ="},
    "empty": {"mapping": {}},
    "unknown word": but(kinds="thing"),
    "missing column": but(key="ids"),
    "wrong sort": but(columns={"size": {"sort": "money"}}),
    "number for a text": but(source=3),
    "null": but(kind=None),
    "a list for a table": but(columns=[1]),
    "no kind": but(kind="No Kind!"),
    "NUL": but(source="a\0b"),
    "NUL in a column": but(columns={"si\0ze": {}}),
    "dialect": but(dialect={"encoding": "klingon"}),
    "format": but(dialect={"format": "xls"}),
    "delimiter": but(dialect={"delimiter": "too long"}),
    "compression": but(dialect={"compression": "rar"}),
    "zone": but(zone="Mars/Olympus"),
    "dates": but(dates="someday"),
    "span": but(events={"thing.seen": {"time": "seen", "lag": "soon"}}),
    "rows": but(rows="both"),
    "not a table": {"mapping": "text"},
}


@pytest.mark.parametrize("given", BAD.values(), ids=BAD.keys())
async def test_a_mapping_that_does_not_hold_is_told(api: Api, given: dict[str, Any]) -> None:
    file = await sent(api, FILE)
    found = problem(await api.client.post(f"/v1/files/{file}/preview", json=given), 400, "invalid")
    assert found["detail"] != "None"
    problem(await api.client.post("/v1/imports", json={"file": file, **given}), 400, "invalid")
    assert (await api.client.get("/v1/jobs")).json()["jobs"] == []


async def test_half_a_character_in_a_mapping_is_told(api: Api) -> None:
    file = await sent(api, FILE)
    body = b'{"mapping": {"source": "\\ud800", "kind": "thing", "key": "id"}}'
    headers = {"Content-Type": "application/json"}
    assert problem(await api.client.post(f"/v1/files/{file}/preview", content=body, headers=headers), 400, "invalid")


@pytest.mark.parametrize("body", [b"\xff\xfe", b"{", b"[" * 100_000, b"null", b'"x"'])
async def test_what_is_no_json_is_told(api: Api, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    assert problem(await api.client.post("/v1/imports", content=body, headers=headers), 400, "invalid")


async def test_rows_that_do_not_fit_are_told_before_they_are_set_aside(api: Api) -> None:
    file = await sent(api, FILE + "d,2015-01-08,a few,north\n")
    found = (await api.client.post(f"/v1/files/{file}/preview", json={"mapping": MAPPING})).json()
    assert [one["line"] for one in found["misfits"]] == [5]
    assert "a few" in found["misfits"][0]["reason"]


async def test_a_file_that_is_not_there(api: Api) -> None:
    for answer in (
        await api.client.delete(f"/v1/files/{NOTHING}"),
        await api.client.get(f"/v1/files/{NOTHING}/proposal"),
        await api.client.post(f"/v1/files/{NOTHING}/preview", json={"mapping": MAPPING}),
        await api.client.post("/v1/imports", json={"file": NOTHING, "mapping": MAPPING}),
    ):
        problem(answer, 404, "not_found")
    for odd in ("..%2F..%2Fx", "x%00", "A" * 100):
        assert (await api.client.delete(f"/v1/files/{odd}")).status_code in {400, 404}


async def test_a_file_is_removed_but_not_while_a_job_needs_it(api: Api) -> None:
    file = await sent(api, FILE)
    waiting = (await api.client.post("/v1/imports", json={"file": file, "mapping": MAPPING})).json()
    found = problem(await api.client.delete(f"/v1/files/{file}"), 409, "conflict")
    assert waiting["id"] in found["detail"]
    problem(await api.client.post("/v1/imports", json={"file": file, "mapping": MAPPING}), 409, "conflict")
    cancelled = await api.client.post(f"/v1/jobs/{waiting['id']}/cancel")
    assert (cancelled.status_code, cancelled.json()["state"]) == (202, "cancelled")
    assert (await api.client.delete(f"/v1/files/{file}")).status_code == 204
    assert lying(api) == []
    problem(await api.client.get(f"/v1/files/{file}/proposal"), 404, "not_found")


async def test_of_two_imports_of_a_file_at_once_one_is_refused(api: Api) -> None:
    given = {"file": await sent(api, FILE), "mapping": MAPPING}
    answers = await asyncio.gather(*(api.client.post("/v1/imports", json=given) for _ in range(4)))
    assert sorted(one.status_code for one in answers) == [202, 409, 409, 409]
    (made,) = (one.json()["id"] for one in answers if one.status_code == 202)
    assert (await api.client.post(f"/v1/jobs/{made}/cancel")).status_code == 202


async def test_an_import_that_is_cancelled_leaves_a_batch_to_be_undone_or_gone_on_with(api: Api) -> None:
    many = "id,seen,size,site\n" + "".join(f"t{n},2015-01-05,{n},north\n" for n in range(5_000))
    file = await sent(api, many)
    made = (await api.client.post("/v1/imports", json={"file": file, "mapping": MAPPING})).json()
    async with api.desk.db.transaction(api.tenant.number) as tx:
        # As when it is cancelled while a worker has it: the first chunk is recorded, then it hears of it.
        await tx.run("update sightline.jobs set cancel = true where id = :id", id=made["id"])
    assert await Labour(api.desk).do(api.tenant, made["id"])
    found = (await api.client.get(f"/v1/jobs/{made['id']}")).json()
    assert (found["state"], found["result"]["rows"]) == ("cancelled", 2_000)
    (batch,) = (await api.client.get("/v1/imports")).json()["imports"]
    assert (batch["id"], batch["rows"], batch["finished_at"]) == (found["result"]["batch"], 2_000, None)
    whole = await finished(api, await api.client.post("/v1/imports", json={"file": file, "mapping": MAPPING}))
    counts = whole["result"]
    assert counts["repeated"] == found["result"]["events"]
    assert counts["repeated"] + counts["events"] == len(await api.recorded())
    for one in (found, whole):
        await finished(api, await api.client.post(f"/v1/imports/{one['result']['batch']}/undo"))
    problem(await api.client.get("/v1/entities/thing/t1"), 404, "not_found")


async def test_a_mapping_of_another_sort_than_before_is_refused_before_it_waits(api: Api) -> None:
    first = await sent(api, FILE)
    await finished(api, await api.client.post("/v1/imports", json={"file": first, "mapping": MAPPING}))
    other = but(source="others", columns={"size": {"sort": "day"}})
    second = await sent(api, FILE.replace("10", "2015-01-01"))
    found = problem(await api.client.post(f"/v1/files/{second}/preview", json=other), 400, "invalid")
    assert "source 'things'" in found["detail"]
    problem(await api.client.post("/v1/imports", json={"file": second, **other}), 400, "invalid")


async def test_imports_are_paged_and_none_is_missed(api: Api) -> None:
    for n in range(5):
        file = await sent(api, FILE, f"f{n}.csv")
        await finished(api, await api.client.post("/v1/imports", json={"file": file, "mapping": MAPPING}))
    for path, name in (("/v1/imports", "file"), ("/v1/jobs", "about")):
        seen: list[str] = []
        after: dict[str, Any] = {}
        while True:
            page = (await api.client.get(path, params={"limit": 2, **after})).json()
            seen += [one[name] for one in page[path.removeprefix("/v1/")]]
            if page["next"] is None:
                break
            after = {"after": page["next"]}
        assert seen == [f"f{n}.csv" for n in reversed(range(5))]
        for wrong in ("", "x", "WzFd", "é", "'; drop table"):
            told = await api.client.get(path, params={"after": wrong})
            assert told.status_code == 200 if wrong == "" else problem(told, 400, "invalid")
        problem(await api.client.get(path, params={"limit": 0}), 400, "invalid")


@pytest.mark.parametrize("most", [2_000])
async def test_a_file_that_is_too_large_is_refused_and_leaves_nothing(api: Api, most: int) -> None:
    small = replace(api.desk, settings=api.desk.settings.model_copy(update={"http": HttpSettings(max_file=most)}))
    transport = httpx.ASGITransport(build(replace(api.rest, desk=small)), raise_app_exceptions=False)
    headers = {"Authorization": f"Bearer {api.token}"}

    async def unsized() -> Any:
        for _ in range(30):
            yield b"x" * 100

    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as client:
        for content in (b"x" * 3_000, unsized()):
            answer = await client.post("/v1/files", params={"name": "x.csv"}, content=content)
            assert "MAX_FILE" in problem(answer, 413, "too_large")["hint"]
        assert (await client.post("/v1/files", params={"name": "x.csv"}, content=b"x" * most)).status_code == 201
    assert len(lying(api)) == 1


async def test_what_waited_too_long_is_swept(api: Api, desk: Desk) -> None:
    from sightline.kernel.desk import jobs

    old, fresh, needed = await sent(api, FILE), await sent(api, FILE), await sent(api, FILE)
    await api.client.post("/v1/imports", json={"file": needed, "mapping": MAPPING})
    left, under_way = folder(api) / "a", folder(api) / "b"
    for path in (left, under_way):
        path.write_bytes(b"x")
    os.utime(left, (1, 1))
    async with desk.db.transaction(api.tenant.number) as tx:
        await tx.run("update sightline.uploads set made_at = now() - interval '8 days' where id <> :f", f=fresh)
    await jobs.sweep(desk, api.tenant)
    assert sorted(lying(api)) == sorted([fresh, needed, "b"])
    problem(await api.client.get(f"/v1/files/{old}/proposal"), 404, "not_found")


async def test_a_viewer_sends_and_sees_no_files(api: Api) -> None:
    file = await sent(api, FILE)
    token = await identity.issue(api.desk.db, api.tenant, "viewer", Role.VIEWER)
    mine = {"Authorization": f"Bearer {token}"}
    for method, path in (
        ("POST", "/v1/files?name=x"), ("GET", f"/v1/files/{file}/proposal"), ("POST", f"/v1/files/{file}/preview"),
        ("DELETE", f"/v1/files/{file}"), ("POST", "/v1/imports"), ("POST", "/v1/imports/x/undo"),
    ):  # fmt: skip
        found = await api.client.request(method, path, headers=mine, json={"mapping": {}, "file": file})
        problem(found, 403, "forbidden")
        problem(await api.client.request(method, path, headers={"Authorization": ""}), 401, "unauthenticated")
    assert (await api.client.get("/v1/imports", headers=mine)).status_code == 200
    assert lying(api) == [file]
