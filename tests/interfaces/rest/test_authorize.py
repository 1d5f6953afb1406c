"""Every route, for everybody: a route without an entry below fails."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts

from sightline.foundation import identity, tenants
from sightline.foundation.identity import Right, Role, keys
from sightline.interfaces.rest import Hub, document
from sightline.interfaces.rest.app import routed
from sightline.interfaces.rest.needs import only_known
from sightline.kernel.act import destinations
from sightline.kernel.act.publishing import Subscription
from sightline.kernel.desk import delivering
from tests.interfaces.rest.conftest import Api

OPEN = "open to everybody"
MEMBER = "all who belong to the workspace"

ROUTES: dict[str, Right | str] = {
    "POST /v1/events": Right.RECORD,
    "GET /v1/entities/{kind}/{key}": Right.READ,
    "GET /v1/questions": Right.READ,
    "GET /v1/questions/{name}/predictions": Right.READ,
    "GET /v1/questions/{name}/predictions/{kind}/{key}": Right.READ,
    "GET /v1/questions/{name}/population": Right.READ,
    "GET /v1/questions/{name}/proof": Right.READ,
    "GET /v1/catalog": Right.READ,
    "GET /v1/search": Right.READ,
    "GET /v1/entities/{kind}": Right.READ,
    "GET /v1/predictions": Right.READ,
    "GET /v1/stream": Right.READ,
    "GET /v1/questions/suggested": Right.READ,
    "GET /v1/jobs": Right.READ,
    "GET /v1/jobs/{id}": Right.READ,
    "GET /v1/imports": Right.READ,
    "GET /v1/quarantine": Right.READ,
    "PUT /v1/asides": Right.OPERATE,
    "DELETE /v1/asides/{id}": Right.OPERATE,
    "POST /v1/jobs/{id}/cancel": Right.OPERATE,
    "POST /v1/files": Right.OPERATE,
    "DELETE /v1/files/{id}": Right.OPERATE,
    "GET /v1/files/{id}/proposal": Right.OPERATE,
    "POST /v1/files/{id}/preview": Right.OPERATE,
    "POST /v1/imports": Right.OPERATE,
    "POST /v1/imports/{batch}/undo": Right.OPERATE,
    "GET /v1/quarantine/{number}": Right.READ,
    "POST /v1/quarantine/replay": Right.OPERATE,
    "POST /v1/quarantine/discard": Right.OPERATE,
    "GET /v1/invariants": Right.READ,
    "GET /v1/decisions": Right.READ,
    "GET /v1/inbox": Right.READ,
    "GET /v1/inbox/{id}": Right.READ,
    "POST /v1/inbox/{id}/approve": Right.OPERATE,
    "POST /v1/inbox/{id}/reject": Right.OPERATE,
    "POST /v1/inbox/{id}/snooze": Right.OPERATE,
    "POST /v1/inbox/{id}/delegate": Right.OPERATE,
    "POST /v1/inbox/answers": Right.OPERATE,
    "GET /v1/routes": Right.READ,
    "PUT /v1/routes/{name}": Right.ADMINISTER,
    "DELETE /v1/routes/{name}": Right.ADMINISTER,
    "GET /v1/playbooks": Right.READ,
    "POST /v1/playbooks": Right.OPERATE,
    "DELETE /v1/playbooks/{name}": Right.OPERATE,
    "GET /v1/playbooks/{name}/effect": Right.READ,
    "GET /v1/experiments": Right.READ,
    "POST /v1/experiments": Right.OPERATE,
    "GET /v1/experiments/{id}": Right.READ,
    "POST /v1/experiments/{id}/stop": Right.OPERATE,
    "POST /v1/experiments/{id}/adopt": Right.OPERATE,
    "GET /v1/runs": Right.READ,
    "GET /v1/runs/{id}": Right.READ,
    "POST /v1/runs/{id}/change": Right.OPERATE,
    "POST /v1/playbooks/{name}/rehearse": Right.OPERATE,
    "GET /v1/deliveries": Right.READ,
    "GET /v1/deliveries/{id}": Right.READ,
    "POST /v1/deliveries/{id}/send-again": Right.OPERATE,
    "POST /v1/deliveries/{id}/release": Right.OPERATE,
    "GET /v1/contacts": Right.READ,
    "PUT /v1/contacts/{kind}/{key}": Right.OPERATE,
    "DELETE /v1/contacts/{kind}/{key}": Right.OPERATE,
    "GET /v1/hooks": Right.READ,
    "POST /v1/hooks": Right.ADMINISTER,
    "POST /v1/hooks/{name}/rotate": Right.ADMINISTER,
    "POST /v1/hooks/{name}/switch": Right.ADMINISTER,
    "POST /v1/hooks/{name}/test": Right.OPERATE,
    "DELETE /v1/hooks/{name}": Right.ADMINISTER,
    "POST /v1/in/{address}": OPEN,
    "GET /unsubscribe/{token}": OPEN,
    "POST /unsubscribe/{token}": OPEN,
    "POST /v1/chat/slack/{address}": OPEN,
    "GET /answer/{word}": OPEN,
    "POST /answer/{word}": OPEN,
    "GET /v1/chat-users": Right.ADMINISTER,
    "PUT /v1/chat-users/{id}": Right.ADMINISTER,
    "DELETE /v1/chat-users/{id}": Right.ADMINISTER,
    "PUT /v1/destinations/{name}/asks": Right.ADMINISTER,
    "GET /v1/destinations": Right.READ,
    "PUT /v1/destinations/{name}/guards": Right.ADMINISTER,
    "PUT /v1/destinations/{name}/subscription": Right.ADMINISTER,
    "POST /v1/destinations/{name}/replay": Right.OPERATE,
    "POST /v1/destinations": Right.ADMINISTER,
    "POST /v1/destinations/{name}/rotate": Right.ADMINISTER,
    "POST /v1/destinations/{name}/switch": Right.ADMINISTER,
    "POST /v1/destinations/{name}/test": Right.OPERATE,
    "DELETE /v1/destinations/{name}": Right.ADMINISTER,
    "POST /v1/questions/check": Right.OPERATE,
    "POST /v1/questions": Right.OPERATE,
    "POST /v1/questions/{name}/train": Right.OPERATE,
    "GET /v1/questions/{name}/versions": Right.READ,
    "GET /v1/questions/{name}/watch": Right.READ,
    "GET /v1/alarms": Right.READ,
    "POST /v1/alarms/{id}/lift": Right.OPERATE,
    "POST /v1/questions/{name}/promote": Right.OPERATE,
    "POST /v1/questions/{name}/rollback": Right.OPERATE,
    "PUT /v1/questions/{name}/schedule": Right.OPERATE,
    "POST /v1/questions/{name}/what-if": Right.OPERATE,
    "PUT /v1/questions/{name}": Right.OPERATE,
    "DELETE /v1/questions/{name}": Right.OPERATE,
    "GET /v1/findings": Right.READ,
    "GET /v1/status": Right.READ,
    "GET /v1/metrics": Right.READ,
    "GET /metrics": Right.READ,
    "POST /v1/session": OPEN,
    "DELETE /v1/session": MEMBER,
    "GET /v1/me": MEMBER,
    "PUT /v1/me/password": MEMBER,
    "GET /v1/users": Right.ADMINISTER,
    "POST /v1/users": Right.ADMINISTER,
    "POST /v1/users/{name}/code": Right.ADMINISTER,
    "PATCH /v1/users/{name}": Right.ADMINISTER,
    "DELETE /v1/users/{name}": Right.ADMINISTER,
    "GET /v1/keys": Right.ADMINISTER,
    "POST /v1/keys": Right.ADMINISTER,
    "DELETE /v1/keys/{name}": Right.ADMINISTER,
    "GET /v1/audit": Right.ADMINISTER,
    "GET /v1/health/live": OPEN,
    "GET /v1/health/ready": OPEN,
    "GET /health/live": OPEN,
    "GET /health/ready": OPEN,
    "GET /openapi.json": OPEN,
    "GET /{page}": OPEN,
}
"""What each route needs. One line for a new one."""

OPERATES = {Right.READ, Right.RECORD, Right.OPERATE}
CALLERS: dict[str, set[Right] | None] = {
    "viewer": {Right.READ},
    "operator": OPERATES,
    "owner": set(Right),
    "a key for sending only": {Right.RECORD},
    "a key for nothing but users": {Right.ADMINISTER},
    "above, granted as operator": OPERATES,
    "above, granted as viewer": {Right.READ},
    "a viewer above, granted as operator": {Right.READ},
    "above, without a grant": None,
    "an owner elsewhere": None,
    "beside, with a grant that opens nothing": None,
}
"""Who calls, and what they may in the workspace; None: they do not belong there."""

NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class House:
    """The workspace, and a token for each caller."""

    api: Api
    tokens: dict[str, str]

    async def status(self, method: str, path: str, token: str | None) -> int:
        """401, 403, or 200 for whatever else it says."""
        headers = {"Sightline-Workspace": self.api.tenant.name, "Authorization": f"Bearer {token}" if token else ""}
        filled = re.sub(r"{\w+(:path)?}", "x", path)
        # A stream that begins behind the end of the ledger says so, and ends.
        filled += f"?after={2**62 - 1}" if path == "/v1/stream" else ""
        body: Any = [] if path == "/v1/events" else {}
        sent = {"json": body} if method in ("POST", "PUT", "PATCH") else {}
        answer = await self.api.client.request(method, filled, headers=headers, **sent)
        assert answer.status_code < 500, answer.text
        return answer.status_code if answer.status_code in (401, 403) else 200


@pytest.fixture
async def house(api: Api) -> House:
    db, name, at = api.desk.db, api.tenant.name, datetime.now(UTC)
    api.rest.hub = Hub(api.desk, api.rest.telemetry)
    top = await tenants.make(db, f"{name}-top")
    plain = await tenants.make(db, f"{name}-plain")
    careful = await tenants.make(db, f"{name}-careful")
    beside = await tenants.make(db, f"{name}-beside")
    for above, role in ((top, "operator"), (careful, "viewer"), (plain, None)):
        await _stand_above(api, above.number, role)
    await tenants.grant(db, api.tenant, beside, "owner")
    scoped = {
        "a key for sending only": (Role.OPERATOR, Right.RECORD),
        "a key for nothing but users": (Role.OWNER, Right.ADMINISTER),
    }
    homes = {
        "above, granted as operator": (top, Role.OWNER),
        "above, granted as viewer": (careful, Role.OWNER),
        "a viewer above, granted as operator": (top, Role.VIEWER),
        "above, without a grant": (plain, Role.OWNER),
        "an owner elsewhere": (await tenants.make(db, f"{name}-elsewhere"), Role.OWNER),
        "beside, with a grant that opens nothing": (beside, Role.OWNER),
    }
    found = {}
    for caller in CALLERS:
        if caller in scoped:
            role, scope = scoped[caller]
            told = re.sub(r"\W+", "-", caller)
            _, found[caller] = await keys.add(db, api.tenant, told, role, at=at, scopes=frozenset({scope}))
        elif caller in homes:
            home, role = homes[caller]
            found[caller] = await identity.issue(db, home, caller, role)
        else:
            found[caller] = await identity.issue(db, api.tenant, caller, Role(caller))
    return House(api, found)


async def _stand_above(api: Api, above: int, role: str | None) -> None:
    """Put a tenant between the workspace and whoever stands above it now; `role`: what it is granted."""
    async with api.desk.owner.transaction(None) as tx:
        was = await tx.value("select parent from sightline.tenants where tenant = :t", t=api.tenant.number)
        await tx.run("update sightline.tenants set parent = :p where tenant = :t", p=was, t=above)
        await tx.run("update sightline.tenants set parent = :p where tenant = :t", p=above, t=api.tenant.number)
        if role:
            await tx.run("insert into sightline.grants values (:t, :g, :r)", t=api.tenant.number, g=above, r=role)


def expected(needed: Right | str, caller: str) -> int:
    """What a caller is told: 401, 403, or 200 for whatever else."""
    if needed == OPEN:
        return 200
    if caller == NOBODY:
        return 401
    rights = CALLERS[caller]
    return 200 if rights is not None and (needed == MEMBER or needed in rights) else 403


def walked() -> set[str]:
    """Every method and path of the application."""
    found = set()
    for route in iter_route_contexts(routed(None).routes):
        methods = getattr(route, "methods", None)
        assert methods, f"{route} is no route of method and path: say here who may pass it"
        found |= {f"{method} {str(route.path).replace(':path', '')}" for method in methods - {"HEAD"}}
    return found


def test_every_route_has_an_entry_and_every_entry_a_route() -> None:
    assert walked() == ROUTES.keys()


def test_every_route_refuses_parameters_that_it_does_not_have() -> None:
    routes = [one for one in iter_route_contexts(routed(None).routes) if hasattr(one, "dependant")]
    careless = [one.path for one in routes if only_known not in [part.call for part in one.dependant.dependencies]]
    assert len(routes) > 100
    assert careless == []


def test_every_operation_of_the_document_has_an_entry() -> None:
    told = {f"{method.upper()} {path}" for path, item in document()["paths"].items() for method in item}
    assert told <= ROUTES.keys()


@pytest.mark.parametrize("route", ROUTES)
async def test_whoever_calls_is_told_what_they_may(house: House, route: str) -> None:
    method, path = route.split()
    tokens: dict[str, str | None] = {NOBODY: None, **house.tokens}
    found = {caller: await house.status(method, path, token) for caller, token in tokens.items()}
    assert found == {caller: expected(ROUTES[route], caller) for caller in tokens}


async def test_who_chooses_what_is_told_again_must_be_who_may_subscribe(house: House) -> None:
    wanted = {"events": ["sightline.day.began"]}
    async with house.api.desk.db.transaction(house.api.tenant.number) as tx:
        await destinations.add(tx, house.api.desk.vault, "crm", "https://crm.example.com/in")
    await delivering.subscribe(house.api.desk, house.api.tenant, "crm", Subscription(events=("sightline.day.began",)))
    for caller, more, status in (
        ("operator", {}, 200),
        ("operator", wanted, 403),
        ("operator", {"events": []}, 403),
        ("operator", {"about": ["thing"]}, 403),
        ("above, granted as operator", wanted, 403),
        ("owner", wanted, 200),
        ("owner", {"about": ["thing"]}, 400),
    ):
        headers = {
            "Authorization": f"Bearer {house.tokens[caller]}", "Sightline-Workspace": house.api.tenant.name,
        }  # fmt: skip
        body = {"since": "9d", "dry_run": True, **more}
        answer = await house.api.client.post("/v1/destinations/crm/replay", json=body, headers=headers)
        assert answer.status_code == status, (caller, more, answer.text)


async def test_a_path_that_is_none_lets_nobody_in_either(house: House) -> None:
    for token in (None, *house.tokens.values()):
        assert await house.status("GET", "/v1/nowhere", token) == 200
