"""What every command needs: the settings, the front desk, the workspace, and a place to write."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from rich.console import Console

from sightline.foundation import tenants
from sightline.foundation.identity import Right
from sightline.foundation.settings import Settings
from sightline.foundation.tenants import Tenant
from sightline.interfaces.cli.connection import Connection, Work
from sightline.interfaces.cli.permitted import Doing, permitted
from sightline.interfaces.cli.refusals import as_ours
from sightline.kernel.desk import Desk
from sightline.language.errors import Invalid, Misconfigured, SightlineError
from sightline.language.ref import Ref

T = TypeVar("T")
Open = Callable[[Settings], AbstractAsyncContextManager[Desk]]

MAIN = "main"
CURRENT = "workspace"
"""File in the home folder that names the workspace used last."""

UNFOLDED = 10_000
"""Characters of a line where no terminal sets a limit."""


@dataclass(frozen=True, slots=True)
class Session:
    """One invocation."""

    settings: Settings
    doors: Doors
    workspace: str | None = None
    """Named on the command line."""
    server: str | None = None
    """The URL of one, named there too."""
    command: str = ""
    """The word that was called."""

    def call(
        self, work: Work[T], *, own: bool = False, what: str = "", needs: Right = Right.READ, target: str = "",
        ref: Ref | None = None,
    ) -> T:  # fmt: skip
        """Do `work` through the interface: of the server that is named, else of the installation, opened here.

        All else is as in `run`; a server authorizes and tells each call by itself.
        """
        doing = Doing(what=f"sightline {what or self.command}", needs=needs, target=target, ref=ref)
        named = what or self.command
        return asyncio.run(self._there(work, named) if self.remote else self._inside(work, doing, named, own=own))

    @property
    def remote(self) -> str | None:
        """The URL of the server to work on; None: what is in the home folder."""
        return self.server or self.settings.client.url

    async def _there(self, work: Work[T], named: str) -> T:
        from sightline_client import AsyncSightline

        url, token = self.remote or "", self.settings.client.token
        if token is None:
            raise Misconfigured(
                f"There is no token for {url}.",
                hint="Set SIGHTLINE_CLIENT__TOKEN to a key made there: `sightline keys add NAME`.",
            )
        workspace = self.workspace or self.settings.workspace
        with as_ours(named):
            async with AsyncSightline(url, token=token.get_secret_value(), workspace=workspace) as client:
                return await work(Connection(client=client, where=lambda: url.rstrip("/").removesuffix("/v1")))

    async def _inside(self, work: Work[T], doing: Doing, named: str, *, own: bool) -> T:
        async with self.doors.open(self.settings) as desk:
            tenant = await self._tenant(desk, own=own)
            async with permitted(desk, tenant, doing):
                with as_ours(named):
                    async with self.doors.inside(desk, tenant) as connection:
                        return await work(connection)

    def run(
        self, work: Callable[[Desk, Tenant], Awaitable[T]], *, own: bool = False, what: str = "",
        needs: Right = Right.READ, target: str = "", ref: Ref | None = None,
    ) -> T:  # fmt: skip
        """Do `work` at the front desk, in the workspace; `own`: never in one whose clock stands still (a demo).

        `needs`, `target` and `ref` say what is done to what, for `authorize` and the audit trail; `what` names the
        command where its first word is not all of it. Raises Invalid where a server is named.
        """
        self.here()
        doing = Doing(what=f"sightline {what or self.command}", needs=needs, target=target, ref=ref)

        async def inside() -> T:
            async with self.doors.open(self.settings) as desk:
                tenant = await self._tenant(desk, own=own)
                async with permitted(desk, tenant, doing):
                    return await work(desk, tenant)

        return asyncio.run(inside())

    def here(self) -> None:
        """Raises Invalid where a server is named: this needs the home folder."""
        if self.remote:
            raise Invalid(
                f"`sightline {self.command}` works on the installation of this machine, not on {self.remote}.",
                hint="Run it on the server's machine, without --server and SIGHTLINE_CLIENT__URL.",
            )

    async def _tenant(self, desk: Desk, *, own: bool) -> Tenant:
        named = self.workspace or self.settings.workspace
        if named:
            return await desk.workspace(named)
        found = await tenants.find(desk.db, self._last())
        if found is None or (own and found.clock_at is not None):
            was, found = found, await desk.workspace(MAIN)
            self.remember(found)
            if was is not None:
                Out().aside.print(
                    f"The clock of workspace '{was.name}' stands still; commands work in '{MAIN}' from now on"
                    f" (`sightline workspace {was.name}` goes back).",
                )
        return found

    def remember(self, tenant: Tenant) -> None:
        """Make a workspace the one that commands work in."""
        (self.settings.home / CURRENT).write_text(tenant.name + "\n")

    def chosen(self) -> str:
        """The name of the workspace that is named, set, or was used last."""
        return self.workspace or self.settings.workspace or self._last()

    def _last(self) -> str:
        file: Path = self.settings.home / CURRENT
        return file.read_text().strip() if file.exists() else MAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """What only `main` can provide."""

    open: Open
    """Opens the front desk."""
    inside: Callable[[Desk, Tenant], AbstractAsyncContextManager[Connection]]
    """The interface over an open front desk, called in this process."""
    serve: Callable[..., None]
    """Serves the interfaces until stopped."""
    demo: Callable[..., None]
    """Runs the demonstration."""
    doctor: Callable[[Settings], list[Any]]
    """Looks an installation over."""
    proof_file: Callable[[dict[str, Any], str | None], str]
    """A proof, with the unit of its money, as one HTML file."""


class Out:
    """Where answers go: standard output for answers, standard error for everything said beside them."""

    def __init__(self) -> None:
        # Nothing in brackets or between colons is taken for markup: most of what is printed comes out of files.
        self.answer = Console(highlight=False, markup=False, emoji=False, width=_width(sys.stdout))
        self.aside = Console(stderr=True, highlight=False, markup=False, emoji=False, width=_width(sys.stderr))

    def json(self, value: Any, *, indent: int = 2) -> None:
        """One JSON document."""
        encoded = msgspec.json.encode(value, enc_hook=str)
        text = msgspec.json.format(encoded, indent=indent) if indent else encoded
        sys.stdout.write(text.decode() + "\n")

    def csv(self, rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> None:
        """Comma-separated values, with a header even when there are no rows; nested members as JSON.

        What a row holds beside the columns is left out: a newer server may tell more.
        """
        import csv

        writer = csv.DictWriter(sys.stdout, fieldnames=columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)

    def failed(self, error: SightlineError) -> None:
        """Say what went wrong and what to do."""
        from rich.text import Text

        message = Text(f"{type(error).__name__}: ", style="bold red") + Text(error.message)
        self.aside.print(message)
        if error.hint:
            self.aside.print(Text(error.hint))


def _width(stream: Any) -> int | None:
    # What goes into a file or a pipe must not be folded at the width of a terminal nobody looks at.
    return None if stream.isatty() else UNFOLDED


def _cell(value: Any) -> Any:
    plain = value is None or isinstance(value, str | int | float | bool)
    return value if plain else msgspec.json.encode(value, enc_hook=str).decode().strip('"')


def fields_of(value: Any) -> dict[str, Any]:
    """A frozen dataclass (or a mapping) as a plain dictionary."""
    found: dict[str, Any] = msgspec.to_builtins(value, builtin_types=(bytes,), enc_hook=str)
    return found
