"""The businesses that can be demonstrated: which files, read how, on which day, asked what.

What may not ship with Sightline is read from the folder that SIGHTLINE_DATA names, under the same names everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sightline
from sightline.kernel.observe.mapping import Mapping
from sightline.language.errors import NotFound
from sightline.language.question import Question
from sightline.packs.customers import predict as customers
from sightline.packs.customers.observe import PURCHASES, SUBSCRIBERS
from sightline.packs.deals import predict as deals
from sightline.packs.deals.observe import ACCOUNTS, AGENTS, PIPELINE, PRODUCTS
from sightline.packs.leads import predict as leads
from sightline.packs.leads.observe import CAMPAIGN
from sightline.packs.receivables import predict as receivables
from sightline.packs.receivables.observe import INVOICES
from sightline.packs.supply.observe import DELIVERIES
from sightline.packs.supply.predict import ARRIVES_LATE

PACKS = Path(sightline.__file__).parent / "packs"
"""Where what ships lies: `PACK/data/FILE`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file and how it is read."""

    file: str
    """Its path below `PACKS`, or below the folder of data that does not ship."""
    mapping: Mapping
    rows: int
    what: str
    """What its rows are, in words: `real deliveries`."""
    origin: str | None = None
    """Where to get it; None: it ships."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Business:
    """One business to look at on a day in its past."""

    name: str
    """As it is called on the command line."""
    sources: tuple[Source, ...]
    today: datetime
    """A day with enough behind it to learn from, and enough ahead to be proved wrong by."""
    headline: Question
    """The question whose answers are listed; yes or no."""
    others: tuple[Question, ...] = ()
    """What is trained and proved besides."""
    title: str
    """Of the list."""
    step: timedelta = timedelta(days=1)
    """How far the clock moves at a time: shorter than answers take, so that nobody is passed over unasked."""

    @property
    def workspace(self) -> str:
        """The name of its workspace."""
        return "demo" if self is SUPPLY else f"demo-{self.name}"

    @property
    def questions(self) -> tuple[Question, ...]:
        """All that is trained, the headline first."""
        return (self.headline, *self.others)

    def files(self, folder: Path | None) -> list[tuple[Path, Source]]:
        """Where each source lies; `folder` holds what does not ship. Raises NotFound where one is absent."""
        return [(_place(one, folder, self.name), one) for one in self.sources]


def _place(source: Source, folder: Path | None, business: str) -> Path:
    if source.origin is None:
        return PACKS / source.file
    if folder is None:
        raise NotFound(
            f"The demo of '{business}' reads {source.file}, which may not ship with Sightline.",
            hint=f"Get it from {source.origin}, put it under that name into a folder, and let SIGHTLINE_DATA name the"
            " folder.",
        )
    path = folder / source.file
    if not path.is_file():
        raise NotFound(
            f"The demo of '{business}' reads {source.file}, which SIGHTLINE_DATA ({folder}) does not hold.",
            hint=f"Get it from {source.origin} and save it as {path}.",
        )
    return path


def business(name: str) -> Business:
    """The business of that name. Raises NotFound naming those there are."""
    if name not in BUSINESSES:
        raise NotFound.named("business", name, BUSINESSES)
    return BUSINESSES[name]


def _day(year: int, month: int) -> datetime:
    return datetime(year, month, 1, tzinfo=UTC)


SUPPLY = Business(
    name="supply",
    sources=(Source(file="supply/data/scms_delivery.csv.gz", mapping=DELIVERIES, rows=10_324, what="real deliveries"),),
    today=_day(2015, 1),
    headline=ARRIVES_LATE,
    title="Open order lines, most money at risk first",
    step=timedelta(days=7),
)
LEADS = Business(
    name="leads",
    sources=(Source(file="leads/data/bank_additional_full.csv.gz", mapping=CAMPAIGN, rows=41_188, what="real calls"),),
    today=_day(2010, 6),
    headline=leads.SUBSCRIBES,
    title="Leads to be called, likeliest first",
)
CUSTOMERS = Business(
    name="customers",
    sources=(
        Source(
            file="customers/cdnow/CDNOW_master.txt",
            mapping=PURCHASES,
            rows=69_659,
            what="real orders",
            origin="https://www.brucehardie.com/datasets/ (CDNOW_full.zip)",
        ),
        Source(
            file="customers/ibm_telco/WA_Fn-UseC_-Telco-Customer-Churn.csv",
            mapping=SUBSCRIBERS,
            rows=7_043,
            what="invented subscribers",
            origin="https://www.kaggle.com/datasets/blastchar/telco-customer-churn",
        ),
    ),
    today=_day(1998, 4),
    headline=customers.STOPS_BUYING,
    others=(customers.SPENDS, customers.ORDERS, customers.NEXT_ORDER, customers.LEAVES),
    title="Customers of late, most money at risk first",
    step=timedelta(days=7),
)
RECEIVABLES = Business(
    name="receivables",
    sources=(
        Source(
            file="receivables/ibm_accounts_receivable/WA_Fn-UseC_-Accounts-Receivable.csv",
            mapping=INVOICES,
            rows=2_466,
            what="invented invoices",
            origin="https://www.kaggle.com/datasets/hhenry/finance-factoring-ibm-late-payment-histories",
        ),
    ),
    today=_day(2013, 7),
    headline=receivables.PAID_LATE,
    others=(receivables.DAYS_TO_PAY, receivables.CASH_IN),
    title="Open invoices, most money at risk first",
)
DEALS = Business(
    name="deals",
    sources=(
        Source(file="deals/data/accounts.csv.gz", mapping=ACCOUNTS, rows=85, what="invented accounts"),
        Source(file="deals/data/products.csv.gz", mapping=PRODUCTS, rows=7, what="invented products"),
        Source(file="deals/data/sales_teams.csv.gz", mapping=AGENTS, rows=35, what="invented agents"),
        Source(file="deals/data/sales_pipeline.csv.gz", mapping=PIPELINE, rows=8_800, what="invented deals"),
    ),
    today=_day(2017, 10),
    headline=deals.WINS,
    others=(deals.AMOUNT, deals.DAYS_TO_CLOSE),
    title="Open deals, likeliest first",
)

BUSINESSES = {one.name: one for one in (SUPPLY, LEADS, CUSTOMERS, RECEIVABLES, DEALS)}
