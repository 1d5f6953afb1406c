"""The leak audit on five businesses: honest mappings raise no alarm, careless ones are caught.

`python -m benchmarks.leaks`. Each business is read twice: as its pack maps it, and with the leaks the data README names
declared known from the start. Limits: every one of these is found; at most one false alarm per business. Businesses
whose data may not ship are read from `SIGHTLINE_DATA` and named where absent. Ends with 1 when a limit is missed.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

import polars as pl

from sightline.foundation.lake import as_frame
from sightline.kernel.observe.mapping import Column, Mapping
from sightline.kernel.observe.readers import open_table
from sightline.kernel.observe.rows import Misfit, RowReader
from sightline.kernel.observe.table import BrokenRow
from sightline.kernel.pack import Pack
from sightline.kernel.predict._matrix import Matrix
from sightline.kernel.predict.examples import examples
from sightline.kernel.predict.facts import Facts
from sightline.kernel.predict.features import features
from sightline.kernel.predict.leaks import Audit, audit
from sightline.language.kind import Sort
from sightline.language.question import Question
from sightline.packs.customers.observe import SUBSCRIBERS
from sightline.packs.customers.pack import PACK as CUSTOMERS
from sightline.packs.customers.predict import LEAVES
from sightline.packs.deals.observe import ACCOUNTS, AGENTS, PIPELINE, PRODUCTS
from sightline.packs.deals.pack import PACK as DEALS
from sightline.packs.deals.predict import WINS
from sightline.packs.leads.observe import CAMPAIGN
from sightline.packs.leads.pack import PACK as LEADS
from sightline.packs.leads.predict import SUBSCRIBES
from sightline.packs.receivables.observe import INVOICES
from sightline.packs.receivables.pack import PACK as RECEIVABLES
from sightline.packs.receivables.predict import DAYS_TO_PAY, PAID_LATE
from sightline.packs.supply.observe import DELIVERIES
from sightline.packs.supply.pack import PACK as SUPPLY
from sightline.packs.supply.predict import ARRIVES_LATE

PACKS = Path(__file__).resolve().parents[1] / "src" / "sightline" / "packs"
FALSE_ALARMS = 1
"""Allowed per business."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Business:
    """One question, its files, and what a careless mapping gets wrong."""

    pack: Pack
    question: Question
    files: tuple[tuple[str, Mapping], ...]
    """The first holds the subjects. Paths in the packs, or below `SIGHTLINE_DATA`."""
    leaks: tuple[str, ...] = ()
    """Columns of the pack that are dated by an event, by their names."""
    more: tuple[Column, ...] = field(default=())
    """Columns the pack does not read as attributes."""


def _day(column: str, name: str) -> Column:
    return Column(column=column, name=name, sort=Sort.DAY)


def _average(name: str) -> Column:
    return Column(column=name, name=name, sort=Sort.NUMBER)


_PIPELINE = (
    ("deals/data/sales_pipeline.csv.gz", PIPELINE),
    ("deals/data/accounts.csv.gz", ACCOUNTS),
    ("deals/data/products.csv.gz", PRODUCTS),
    ("deals/data/sales_teams.csv.gz", AGENTS),
)
_INVOICES = (("receivables/ibm_accounts_receivable/WA_Fn-UseC_-Accounts-Receivable.csv", INVOICES),)
_INVOICE_LEAKS = (
    _day("SettledDate", "settled_on"),
    _average("customer_days_late"),
    _average("customer_late_share"),
)
BUSINESSES = (
    Business(
        pack=SUPPLY, question=ARRIVES_LATE, files=(("supply/data/scms_delivery.csv.gz", DELIVERIES),),
        leaks=("weight", "freight"),
        more=(_day("Delivery Recorded Date", "recorded_on"), _day("Delivered to Client Date", "delivered_on")),
    ),
    Business(
        pack=LEADS, question=SUBSCRIBES, files=(("leads/data/bank_additional_full.csv.gz", CAMPAIGN),),
        leaks=("duration",),
    ),
    Business(
        pack=CUSTOMERS, question=LEAVES,
        files=(("customers/ibm_telco/WA_Fn-UseC_-Telco-Customer-Churn.csv", SUBSCRIBERS),),
    ),
    Business(
        pack=RECEIVABLES, question=PAID_LATE, files=_INVOICES,
        leaks=("disputed", "days_to_settle", "days_late"), more=_INVOICE_LEAKS,
    ),
    Business(
        pack=RECEIVABLES, question=DAYS_TO_PAY, files=_INVOICES,
        leaks=("disputed", "days_to_settle", "days_late"), more=_INVOICE_LEAKS,
    ),
    Business(
        pack=DEALS, question=WINS, files=_PIPELINE, leaks=("close_value",), more=(_day("close_date", "close_date"),),
    ),
)  # fmt: skip


def careless(business: Business) -> Business:
    """The same with all that is known to leak declared known from the start."""
    path, mapping = business.files[0]
    columns = tuple(replace(one, known=None) if one.name in business.leaks else one for one in mapping.columns)
    told = replace(mapping, columns=(*columns, *business.more))
    return replace(business, files=((path, told), *business.files[1:]))


def place(name: str) -> Path | None:
    """Where a file lies; None where it is absent."""
    data = os.environ.get("SIGHTLINE_DATA", "")
    found = [PACKS / name, *([Path(data) / name] if data else [])]
    return next((path for path in found if path.exists()), None)


def averaged(path: Path, folder: Path) -> Path:
    """The invoices with what each customer's lateness came to over the whole file: the classic mistake."""
    late = pl.col("DaysLate").cast(pl.Float64)
    told = pl.read_csv(path, infer_schema=False).with_columns(
        late.mean().over("customerID").round(3).cast(pl.String).alias("customer_days_late"),
        (late > 0).cast(pl.Float64).mean().over("customerID").round(3).cast(pl.String).alias("customer_late_share"),
    )
    told.write_csv(folder / path.name)
    return folder / path.name


def known(business: Business, folder: Path) -> Facts:
    """The facts as an import reads them; every row must fit."""
    numbers, found = count(1), []
    for name, mapping in business.files:
        path = place(name)
        assert path is not None, name
        path = averaged(path, folder) if mapping.kind == "invoice" else path
        reader = RowReader(mapping)
        for row in open_table(path, mapping.dialect).rows():
            assert not isinstance(row, BrokenRow), row
            events = reader.events(row)
            assert not isinstance(events, Misfit), events
            found += [event.but(position=next(numbers)) for event in events]
    kinds = {kind.name: kind for kind in business.pack.kinds}
    kinds |= {mapping.kind: mapping.kinds()[0] for _, mapping in business.files}
    return Facts.of(as_frame(found), kinds)


def audited(business: Business, folder: Path) -> tuple[Audit, float]:
    """The audit, and the seconds it took."""
    facts = known(business, folder)
    now = facts.seen["known_at"].max()
    asked = examples(business.question, facts)
    table = features(business.question, asked, facts)
    matrix = Matrix.of(table.frame, table.specs)
    begun = time.perf_counter()
    return audit(business.question, asked, matrix, facts, now), time.perf_counter() - begun  # type: ignore[arg-type]


def expected(business: Business) -> tuple[str, ...]:
    """The names under which the leaks are to be found."""
    return (*business.leaks, *(one.name for one in business.more))


def shown(found: Audit, leaks: Sequence[str], seconds: float) -> Iterator[str]:
    """One line for the audit, one per suspect."""
    names = {one.what for one in found.suspects}
    caught, false = [name for name in leaks if name in names], sorted(names - set(leaks))
    yield (
        f"{len(caught)} of {len(leaks)} leaks found, {len(false)} false alarms;"
        f" {found.checked} features, {found.examples:,} examples, {seconds:.1f} s"
    )
    yield from (f"  missed: {name}" for name in leaks if name not in names)
    yield from (f"  {'' if one.what in leaks else 'FALSE ALARM '}{one.evidence}" for one in found.suspects)


def held(found: Audit, leaks: Sequence[str]) -> bool:
    """Whether every leak is found beside at most so many false alarms."""
    names = {one.what for one in found.suspects}
    return set(leaks) <= names and len(names - set(leaks)) <= FALSE_ALARMS


def main() -> int:
    """Returns 1 when a limit is missed."""
    good = True
    with tempfile.TemporaryDirectory() as name:
        for business in BUSINESSES:
            absent = [path for path, _ in business.files if place(path) is None]
            if absent:
                print(f"{business.question.name}: not measured, {absent[0]} is not here (SIGHTLINE_DATA)", flush=True)
                continue
            runs: list[tuple[str, Business, tuple[str, ...]]] = [("honest", business, ())]
            runs += [("careless", careless(business), expected(business))] if expected(business) else []
            for how, one, leaks in runs:
                found, seconds = audited(one, Path(name))
                lines = list(shown(found, leaks, seconds))
                print(f"{business.question.name}, {how}: " + "\n".join(lines), flush=True)
                good = held(found, leaks) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
