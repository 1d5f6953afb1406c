"""One way to a row: a transaction scoped to a tenant, committed at the edge, here and nowhere else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import lru_cache
from typing import Any, cast

import asyncpg
import msgspec
from sqlalchemy import RowMapping, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoneFree
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from sightline.language.errors import Unavailable

UNREACHABLE = (
    OperationalError,
    InterfaceError,
    NoneFree,
    ConnectionError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.exceptions.OperatorInterventionError,
)
"""What a server that is gone, going or coming up answers with: the same call may succeed later."""

Last = Callable[["Transaction"], Awaitable[None]]
Undo = Callable[[], None]


_read = lru_cache(maxsize=2_048)(text)
"""A statement, read once: the same few hundred are executed again and again."""

_SCOPE = "select set_config('sightline.tenant', :t, true)"


def driver_url(url: str) -> str:
    """The same URL, for the asyncpg driver."""
    scheme, _, rest = url.partition("://")
    return f"postgresql+asyncpg://{rest}" if scheme in ("postgres", "postgresql") else url


def _is_away(error: DBAPIError) -> bool:
    """Whether the server is gone or not up yet; the latter comes wrapped, without a class of its own."""
    said = error.orig.__cause__ if error.orig else None
    return error.connection_invalidated or isinstance(said, UNREACHABLE)


class Transaction:
    """What a unit of work may do to the database. `sql` uses named parameters (`:name`)."""

    def __init__(self, connection: AsyncConnection, tenant: int | None) -> None:
        self._connection = connection
        self.tenant = tenant
        self._last: list[Last] = []
        self._undo: list[Undo] = []

    async def rows(self, sql: str, **values: Any) -> Sequence[RowMapping]:
        """All rows of a query, as mappings."""
        return (await self._connection.execute(_read(sql), values)).mappings().all()

    async def row(self, sql: str, **values: Any) -> RowMapping | None:
        """The first row, or None."""
        return (await self._connection.execute(_read(sql), values)).mappings().first()

    async def value(self, sql: str, **values: Any) -> Any:
        """The first column of the first row, or None."""
        return (await self._connection.execute(_read(sql), values)).scalar()

    async def run(self, sql: str, **values: Any) -> int:
        """Execute, and say how many rows it touched."""
        result = await self._connection.execute(_read(sql), values)
        return cast(int, getattr(result, "rowcount", 0))

    async def driver(self) -> Any:
        """The asyncpg connection underneath, for the hot path ($1 parameters, arrays)."""
        return (await self._connection.get_raw_connection()).driver_connection

    def at_last(self, step: Last) -> None:
        """Run `step` as the last thing before the commit, in order of registration."""
        self._last.append(step)

    def if_undone(self, step: Undo) -> None:
        """Run `step` when the transaction is rolled back: for what is remembered outside of the database."""
        self._undo.append(step)

    def _undone(self) -> None:
        for step in self._undo:
            step()

    async def _finish(self) -> None:
        for step in self._last:
            await step(self)


class Database:
    """A pool of connections of one role. Every transaction names its tenant; the database enforces it again."""

    def __init__(self, url: str, *, pool: int = 10) -> None:
        self.url = url
        self._engine = create_async_engine(
            driver_url(url),
            pool_size=pool,
            max_overflow=pool,
            pool_recycle=1800,
            json_deserializer=msgspec.json.decode,
            hide_parameters=True,
        )

    @asynccontextmanager
    async def transaction(self, tenant: int | None) -> AsyncIterator[Transaction]:
        """One transaction: committed when the block ends, rolled back when it raises.

        `tenant` None reaches only what is open to nobody's rows (functions such as `tenant_named`).
        Raises Unavailable when the server cannot be reached.
        """
        try:
            async with AsyncExitStack() as held:
                connection = await self._begun(held, tenant)
                transaction = Transaction(connection, tenant)
                try:
                    yield transaction
                    await transaction._finish()
                    await connection.commit()
                except BaseException:
                    transaction._undone()
                    raise
        except UNREACHABLE as error:
            raise Unavailable("The database does not answer.", hint="Run `sightline doctor`.") from error
        except DBAPIError as error:
            if _is_away(error):
                raise Unavailable("The database went away.", hint="Run `sightline doctor`.") from error
            raise

    async def _begun(self, held: AsyncExitStack, tenant: int | None) -> AsyncConnection:
        """A connection in a transaction of this tenant. Where one was lost while nobody used it, the pool throws away
        all of its age, and the next is new.
        """
        named = {"t": "" if tenant is None else str(tenant)}
        connection = await held.enter_async_context(self._engine.connect())
        try:
            await connection.execute(_read(_SCOPE), named)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            connection = await held.enter_async_context(self._engine.connect())
            await connection.execute(_read(_SCOPE), named)
        return connection

    async def close(self) -> None:
        """Give all connections back."""
        await self._engine.dispose()
