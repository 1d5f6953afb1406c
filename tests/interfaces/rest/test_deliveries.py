"""What is sent is listed, read, mended and sent again; destinations come, are tested, and go."""

from __future__ import annotations

from typing import Any

import pytest
from standardwebhooks import Webhook as Standard

from sightline.foundation.identity import Role, keys
from sightline.kernel.act import outbox
from sightline.kernel.desk.delivering import GREETING
from sightline.testing import make
from tests.interfaces.rest.conftest import Api, problem

HERE = {"name": "crm", "address": "https://crm.example.com/in"}


async def put(api: Api, *keys: str, to: str = "paper") -> None:
    async with api.desk.db.transaction(api.tenant.number) as tx:
        await outbox.put(tx, [make.action(key, destination=to, text=f"about {key}") for key in keys])


async def die(api: Api, why: str) -> None:
    async with api.desk.db.transaction(api.tenant.number) as tx:
        await tx.run(
            "update sightline.deliveries set state = 'dead', problem = :w where tenant = :t", t=tx.tenant, w=why
        )


async def listed(api: Api, **wanted: Any) -> list[dict[str, Any]]:
    answer = await api.client.get("/v1/deliveries", params=wanted)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["deliveries"])


async def test_what_is_sent_is_listed_page_by_page(api: Api) -> None:
    assert await listed(api) == []
    await put(api, *(f"k{n}" for n in range(5)))
    assert {one["state"] for one in await listed(api)} == {"waiting"}
    page = (await api.client.get("/v1/deliveries", params={"limit": 3})).json()
    rest = (await api.client.get("/v1/deliveries", params={"limit": 3, "after": page["next"]})).json()
    keys = [one["key"] for one in (*page["deliveries"], *rest["deliveries"])]
    assert sorted(keys) == [f"k{n}" for n in range(5)]
    assert rest["next"] is None
    await api.desk.go_round(api.tenant)
    assert len(await listed(api, state="done", destination="paper")) == 5
    assert await listed(api, state="dead") == await listed(api, destination="crm") == []
    one = (await listed(api))[0]
    assert (await api.client.get(f"/v1/deliveries/{one['id']}")).json() == one


async def test_a_dead_letter_is_mended_and_sent_again(api: Api) -> None:
    await put(api, "k")
    await die(api, "too long")
    (dead,) = await listed(api, state="dead")
    answer = await api.client.post(f"/v1/deliveries/{dead['id']}/send-again", json={"text": "short"})
    assert answer.status_code == 200
    assert (answer.json()["state"], answer.json()["text"], answer.json()["sent_again"]) == ("waiting", "short", 1)
    await api.desk.go_round(api.tenant)
    again = f"/v1/deliveries/{dead['id']}/send-again"
    assert "it is done" in problem(await api.client.post(again, json={}), 409, "conflict")["detail"]
    await die(api, "elsewhere, please")
    problem(await api.client.post(again, json={"destination": "nowhere"}), 404, "not_found")
    problem(await api.client.get(f"/v1/deliveries/msg_{'0' * 32}"), 404, "not_found")
    problem(await api.client.get("/v1/deliveries/k"), 400, "invalid")


async def test_a_destination_is_made_tested_rotated_and_removed(api: Api) -> None:
    made = await api.client.post("/v1/destinations", json=HERE)
    assert made.status_code == 201
    Standard(made.json()["secret"])
    turned = await api.client.post("/v1/destinations/crm/rotate")
    assert turned.json()["secret"] != made.json()["secret"]
    (known,) = (await api.client.get("/v1/destinations")).json()["destinations"]
    assert (known["name"], known["address"], known["channel"]) == ("crm", HERE["address"], "webhook")
    assert made.json()["secret"] not in str(known)
    _, token = await keys.add(api.desk.db, api.tenant, "looks", Role.VIEWER, at=api.desk.clock.now())
    looks = {"Authorization": f"Bearer {token}"}
    (seen,) = (await api.client.get("/v1/destinations", headers=looks)).json()["destinations"]
    assert seen["address"] == "https://crm.example.com"
    assert (await api.client.post("/v1/destinations/crm/switch", json={"on": False})).status_code == 204
    sent = await api.client.post("/v1/destinations/crm/test")
    assert (sent.status_code, sent.json()["text"], sent.json()["state"]) == (202, GREETING, "waiting")
    await api.desk.go_round(api.tenant)
    (known,) = (await api.client.get("/v1/destinations")).json()["destinations"]
    assert (known["waiting"], known["disabled_why"]) == (1, "Somebody switched it off.")
    assert (await api.client.delete("/v1/destinations/crm")).status_code == 204
    problem(await api.client.post("/v1/destinations/crm/rotate"), 404, "not_found")


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"name": "CRM", "address": "https://example.com"}, 400, "invalid"),
        ({"name": "crm", "address": "example.com"}, 400, "invalid"),
        ({"name": "paper", "address": "https://example.com"}, 409, "conflict"),
        ({"name": "crm"}, 400, "invalid"),
        ({**HERE, "secret": "mine"}, 400, "invalid"),
    ],
)
async def test_what_cannot_be_a_destination_is_refused(api: Api, given: dict[str, str], status: int, code: str) -> None:
    assert problem(await api.client.post("/v1/destinations", json=given), status, code)["detail"]


GUARDS = {"approve": True, "per_day": 3, "quiet": "20:00-08:00", "zone": "Europe/Berlin", "consent": "marketing_ok",
          "only": ["team/one", "jane@example.org"]}  # fmt: skip


async def test_guards_are_set_shown_and_taken_away(api: Api) -> None:
    await api.client.post("/v1/destinations", json=HERE)
    way = "/v1/destinations/crm/guards"
    for given in (GUARDS, {}):
        assert (await api.client.put(way, json=given)).status_code == 204
        (known,) = (await api.client.get("/v1/destinations")).json()["destinations"]
        usual = {"approve": False, "per_day": None, "quiet": None, "zone": "UTC", "consent": None, "only": []}
        assert known["guards"] == usual | given
    problem(await api.client.put("/v1/destinations/nowhere/guards", json={}), 404, "not_found")


async def test_addresses_in_guards_are_kept_as_tokens(api: Api) -> None:
    await api.client.post("/v1/destinations", json=HERE)
    await api.client.put("/v1/destinations/crm/guards", json=GUARDS)
    async with api.desk.db.transaction(api.tenant.number) as tx:
        kept = str(await tx.value("select guards::text from sightline.destinations where tenant = :t", t=tx.tenant))
    assert "jane" not in kept
    assert "team/one" in kept


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"per_day": 0}, "per_day"),
        ({"quiet": "8 to 10"}, "no hours"),
        ({"zone": "Mars/Base"}, "no time zone"),
        ({"only": ["jane"]}, "neither a party nor an address"),
        ({"silent": True}, "silent"),
    ],
)
async def test_guards_that_nobody_can_hold_to_are_refused(api: Api, given: dict[str, Any], why: str) -> None:
    await api.client.post("/v1/destinations", json=HERE)
    assert why in problem(await api.client.put("/v1/destinations/crm/guards", json=given), 400, "invalid")["detail"]


async def test_what_is_held_is_released(api: Api) -> None:
    await put(api, "k")
    release = f"/v1/deliveries/{make.action('k').id}/release"
    assert (await api.client.put("/v1/destinations/paper/guards", json={"approve": True})).status_code == 204
    await api.desk.go_round(api.tenant)
    (held,) = await listed(api, state="held")
    assert (held["attempts"], "a person released" in held["problem"]) == (0, True)
    freed = (await api.client.post(release)).json()
    assert (freed["state"], freed["released_by"]) == ("waiting", "owner")
    await api.desk.go_round(api.tenant)
    assert len(await listed(api, state="done")) == 1
    assert "it is done" in problem(await api.client.post(release), 409, "conflict")["detail"]


async def test_a_mail_server_is_a_destination_whose_password_is_never_told(api: Api) -> None:
    mail = {"name": "mail", "address": "smtps://us@mail.example.com/?from=us@example.com", "password": "hidden"}
    made = await api.client.post("/v1/destinations", json=mail)
    assert (made.status_code, made.json()) == (201, {"name": "mail", "secret": None})
    (known,) = (await api.client.get("/v1/destinations")).json()["destinations"]
    assert (known["channel"], known["reveal"], known["address"]) == ("email", True, mail["address"])
    assert "hidden" not in str(known)
    _, token = await keys.add(api.desk.db, api.tenant, "looks", Role.VIEWER, at=api.desk.clock.now())
    looks = {"Authorization": f"Bearer {token}"}
    (seen,) = (await api.client.get("/v1/destinations", headers=looks)).json()["destinations"]
    assert seen["address"] == "smtps://mail.example.com"
    renewed = await api.client.post("/v1/destinations/mail/rotate", json={"password": "another"})
    assert renewed.json() == {"name": "mail", "secret": None}
    problem(await api.client.post("/v1/destinations/mail/rotate"), 400, "invalid")
