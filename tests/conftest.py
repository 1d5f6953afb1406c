"""A real PostgreSQL for all tests of a run, a fresh database or a fresh workspace for each test that asks."""

from __future__ import annotations

import itertools
import os
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from threadpoolctl import threadpool_limits
from xdist.scheduler import LoadScopeScheduling

from sightline.foundation import tenants
from sightline.foundation.db.migrate import migrate
from sightline.foundation.db.session import Database
from sightline.foundation.postgres import Server, open_server
from sightline.foundation.postgres.leases import exclusive
from sightline.foundation.settings import Settings
from sightline.foundation.tenants import Tenant
from sightline.kernel.desk import Desk
from sightline.kernel.predict import models
from sightline.kernel.predict.models.rung import Lessons, Rung, Task
from sightline.main.installation import installation
from sightline.testing import make
from tests.kernel.act.world import CHANGED
from tests.main.commands import Commands
from tests.main.served import Demo, run

TEMPLATE = "sightline_template"
SHORT = ("prior", "logistic")

TOGETHER = (
    "tests/interfaces/cli/test_answers.py", "tests/interfaces/cli/test_comparing.py",
    "tests/interfaces/cli/test_hooking.py", "tests/interfaces/cli/test_import.py",
    "tests/interfaces/cli/test_principals.py", "tests/kernel/predict/test_deliveries.py",
    "tests/kernel/predict/test_proof.py", "tests/web/test_experiments.py", "tests/web/test_inbox.py",
    "tests/web/test_live.py", "tests/web/test_playbooks.py", "tests/web/test_stranger.py", "tests/web/test_watch.py",
)  # fmt: skip
"""Files whose tests share what takes long to make: one worker of a run has all of each."""

# More threads than cores, each of which waits for the others, take many times as long.
threadpool_limits(1)

# Durations are no matter of tests, and a workspace may serve all examples of one property.
hypothesis_settings.register_profile(
    "house", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
hypothesis_settings.load_profile("house")
_numbers = itertools.count(1)


def home_of(run: str) -> Path:
    """One home for all workers of a run. Pytest's own folders do not serve: nobody but their owner may enter them."""
    return Path(tempfile.gettempdir()) / f"sightline-tests-{run}"


def demo_of(run_name: str) -> Path:
    """Where all workers of a run find the demo."""
    return home_of(f"{run_name}-demo")


def this_run() -> str:
    """The name of the run we are part of."""
    return os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(os.getpid())


def shared_home() -> Path:
    """The home of the run we are part of."""
    return home_of(this_run())


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: many tests wait for processes, browsers and timers."""
    return (os.cpu_count() or 1) + 1


class Together(LoadScopeScheduling):
    """Gives workers test by test, and what shares something whole to one of them, in the order of the files."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return file if file in TOGETHER else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    """Which worker runs what."""
    config.option.loadscopereorder = False
    return Together(config, log)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Whoever started the run (not its workers) removes the home when all are done."""
    if not hasattr(session.config, "workerinput"):
        workers = getattr(session.config.pluginmanager.getplugin("dsession"), "nodemanager", None)
        run_name = getattr(workers, "testrunuid", str(os.getpid()))
        for one in (home_of(run_name), demo_of(run_name)):
            shutil.rmtree(one, ignore_errors=True)


def in_thread(settings: Settings) -> Server:
    """Open a server as programs do: in a thread, away from any event loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(open_server, settings).result()


def named(url: str, database: str) -> str:
    """The same URL for another database of the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


@pytest.fixture(autouse=True)
def settings_as_they_were() -> Iterator[None]:
    """A desk serves many tests: what one of them chose is no matter of the next."""
    yield
    while CHANGED:
        desk, before = CHANGED.pop()
        desk.settings = before


@pytest.fixture(scope="module")
def short() -> Iterator[None]:
    """Only the quick rungs of the ladder of models are tried: for tests that are not about which there are."""
    whole = models.ladder

    def ladder(task: Task, lessons: Lessons) -> list[Rung]:
        return [rung for rung in whole(task, lessons) if rung.name in SHORT]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(models, "ladder", ladder)
        yield


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder to be the home of a Sightline, below one that everybody may enter; it does not exist yet."""
    folder = Path(tempfile.mkdtemp(prefix="sightline-home-"))
    folder.chmod(0o711)
    yield folder / "home"
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The embedded server, one for all workers; the last one out stops it."""
    server = in_thread(Settings(home=shared_home()))
    yield server
    server.close()


@pytest.fixture(scope="session")
def demo() -> Demo:
    """The demo, run once for all workers by the first of them that asks."""
    folder = demo_of(this_run())
    folder.mkdir(exist_ok=True)
    folder.chmod(0o711)
    made = Demo(home=folder / "demo", told=folder / "told.json")
    with exclusive(folder / "lock"):
        if not made.told.exists():
            ran = run(made.home, "demo", "--once", "--json")
            assert ran.returncode == 0, ran.stderr
            made.told.write_text(ran.stdout, encoding="utf-8")
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """A database of its own, migrated and empty, in both roles."""

    owner_url: str
    app_url: str
    db: Database
    """As the application."""
    owner: Database


@pytest.fixture(scope="session")
async def migrated(postgres: Server) -> Server:
    """The embedded server with a migrated database to copy, made by the first worker."""
    with exclusive(shared_home() / "template.lock"):
        await make_template(postgres)
    return postgres


async def make_template(postgres: Server) -> None:
    """Migrate under another name, then rename: a worker that dies in the middle leaves nothing half made."""
    connection = await asyncpg.connect(named(postgres.owner_url, "postgres"))
    try:
        if not await connection.fetchval("select 1 from pg_database where datname = $1", TEMPLATE):
            await connection.execute("drop database if exists making_template")
            await connection.execute("create database making_template")
            await migrate(named(postgres.owner_url, "making_template"))
            await connection.execute(f"alter database making_template rename to {TEMPLATE}")
    finally:
        await connection.close()


@asynccontextmanager
async def a_database(migrated: Server) -> AsyncIterator[tuple[str, str]]:
    """A migrated and empty database, gone afterwards: its URLs as owner and as application."""
    name = f"test_{secrets.token_hex(6)}"
    admin = await asyncpg.connect(named(migrated.owner_url, "postgres"))
    try:
        await admin.execute(f"create database {name} template {TEMPLATE}")
        yield named(migrated.owner_url, name), named(migrated.app_url, name)
    finally:
        await admin.execute(f"drop database if exists {name} with (force)")
        await admin.close()


@pytest.fixture
async def fresh(migrated: Server) -> AsyncIterator[Fresh]:
    """A database of the test's own, gone afterwards."""
    async with a_database(migrated) as (owner_url, app_url):
        db, owner = Database(app_url, pool=5), Database(owner_url, pool=1)
        try:
            yield Fresh(owner_url=owner_url, app_url=app_url, db=db, owner=owner)
        finally:
            await db.close()
            await owner.close()


@pytest.fixture(scope="session")
def commands() -> Iterator[Commands]:
    """Commands of the program, without its being loaded for each."""
    opened = Commands()
    yield opened
    opened.close()


@pytest.fixture(scope="session", autouse=True)
def _no_settings_from_outside() -> None:
    """The environment of whoever runs the tests has no say in them."""
    for name in [name for name in os.environ if name.startswith("SIGHTLINE_")]:
        del os.environ[name]


@asynccontextmanager
async def an_installation(migrated: Server) -> AsyncIterator[Desk]:
    """An installation with a folder and a database of its own, opened as programs open it."""
    folder = Path(tempfile.mkdtemp(prefix="sightline-desk-", dir="/var/tmp"))
    async with a_database(migrated) as (owner_url, app_url):
        # All workers' desks share the server's connections.
        database = {"url": owner_url, "app_url": app_url, "pool": 4}
        async with installation(Settings.load(home=folder, database=database)) as opened:
            yield opened
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
async def desk(migrated: Server) -> AsyncIterator[Desk]:
    """The front desk of an installation of this worker's own."""
    async with an_installation(migrated) as opened:
        yield opened


@pytest.fixture
async def alone(migrated: Server) -> AsyncIterator[Desk]:
    """The front desk of an installation of the test's own, for what concerns all of its workspaces."""
    async with an_installation(migrated) as opened:
        yield opened


@pytest.fixture
async def workspace(desk: Desk) -> Tenant:
    """A tenant nobody has used, its clock running with the world."""
    return await tenants.make(desk.db, f"w{next(_numbers)}")


@pytest.fixture
async def standing(desk: Desk) -> Tenant:
    """A tenant nobody has used, its clock standing 1,000 days after the made-up histories begin."""
    return await tenants.make(desk.db, f"s{next(_numbers)}", clock_at=make.day(1000))
