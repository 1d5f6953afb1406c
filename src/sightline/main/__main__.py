"""The program `sightline`."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any

from sightline.foundation.settings import Settings
from sightline.interfaces import cli

if TYPE_CHECKING:
    from sightline.foundation.tenants import Tenant
    from sightline.kernel.desk import Desk


# What runs is loaded when it is run: most commands need little of it.
def _serve(settings: Settings, **how: Any) -> None:
    from sightline.main.server import serve

    serve(settings, **how)


def _demo(*args: Any, **how: Any) -> None:
    from sightline.main import demo

    demo.run(*args, serve=_serve, **how)


def _doctor(settings: Settings) -> list[Any]:
    from sightline.foundation.postgres import doctor

    return asyncio.run(doctor.checks(settings))


def _proof_file(document: dict[str, Any], unit: str | None) -> str:
    from sightline.interfaces.rest import proof_file

    return proof_file.html(document, unit)


def _open(settings: Settings) -> AbstractAsyncContextManager[Desk]:
    from sightline.main.installation import installation

    return installation(settings)


def _inside(desk: Desk, tenant: Tenant) -> AbstractAsyncContextManager[cli.Connection]:
    from sightline.main.inside import inside

    return inside(desk, tenant)


main = cli.build(
    cli.Doors(open=_open, inside=_inside, serve=_serve, demo=_demo, doctor=_doctor, proof_file=_proof_file),
)

if __name__ == "__main__":
    main()
