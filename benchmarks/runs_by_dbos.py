"""The same runs as `benchmarks.runs`, as plain DBOS workflows: `runs_by_dbos.py URL COUNT`, in the peers' environment.

A workflow of two steps, each of which puts one message into a table, as the outbox would have it. Nothing is waited for
between them. Prints the seconds from the first start to the last end.
"""

from __future__ import annotations

import sys
import time
from typing import Any

import sqlalchemy as sa
from dbos import DBOS

URL, COUNT = sys.argv[1], int(sys.argv[2])
ENGINE = sa.create_engine(URL.replace("postgresql://", "postgresql+psycopg://"), pool_size=20)
PUT = sa.text("insert into public.messages (key, text) values (:key, :text) on conflict do nothing")


@DBOS.step()  # type: ignore[untyped-decorator, unused-ignore]
def put(key: str, text: str) -> None:
    """One message."""
    with ENGINE.begin() as connection:
        connection.execute(PUT, {"key": key, "text": text})


@DBOS.workflow()  # type: ignore[untyped-decorator, unused-ignore]
def told(key: str) -> None:
    """Two messages."""
    put(key, f"{key} has begun.")
    put(f"{key}#again", f"{key} is on its way.")


def main() -> None:
    """Start all, and wait for all."""
    config: dict[str, Any] = {"name": "bench-runs", "system_database_url": URL, "log_level": "ERROR"}
    DBOS(config=config)
    with ENGINE.begin() as connection:
        connection.execute(sa.text("create table public.messages (key text primary key, text text not null)"))
    DBOS.launch()
    DBOS.start_workflow(told, "warm").get_result()
    began = time.perf_counter()
    handles = [DBOS.start_workflow(told, f"run-{number}") for number in range(COUNT)]
    for handle in handles:
        handle.get_result()
    print(time.perf_counter() - began)
    DBOS.destroy()


if __name__ == "__main__":
    main()
