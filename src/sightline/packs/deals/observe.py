"""How a pipeline of deals, and the tables beside it, become events.

One row of the pipeline is one deal. It is engaged and, later, closed: won or lost, as its stage says. What it brought
is known when it is closed. So is its account: every closed deal names one and two thirds of the open ones do not, so it
is filled in by then at the latest, and nothing says when. Accounts, products and agents come in tables without dates.
"""

from __future__ import annotations

from sightline.kernel.observe.mapping import Column, Happening, Mapping, Only
from sightline.language.kind import Sort

ENGAGED, CLOSED, WON, LOST = "deal.engaged", "deal.closed", "deal.won", "deal.lost"

_NUMBER = Sort.NUMBER


def _where(*stages: str) -> Only:
    return Only(column="deal_stage", is_=stages)


PIPELINE = Mapping(
    source="pipeline",
    kind="deal",
    key=("opportunity_id",),
    currency="USD",
    events_=(
        Happening(type=ENGAGED, time="engage_date", label="engaged"),
        Happening(type=CLOSED, time="close_date", where=_where("Won", "Lost"), begins=False, label="closed"),
        Happening(type=WON, time="close_date", where=_where("Won"), says=("close_value",), begins=False, label="won"),
        Happening(type=LOST, time="close_date", where=_where("Lost"), begins=False, label="lost"),
    ),
    columns=(
        Column(column="sales_agent", name="agent", link="agent", personal=True, label="sales agent"),
        Column(column="product", name="product", link="product"),
        Column(column="account", name="account", link="account", known=CLOSED),
        Column(column="close_value", name="close_value", sort=_NUMBER, unit="USD", known=CLOSED, label="value closed"),
    ),
)
"""The pipeline as published: `sales_pipeline.csv`, 8,800 deals. `GTXPro` is what `products.csv` calls `GTX Pro`."""

ACCOUNTS = Mapping(
    source="accounts",
    kind="account",
    key=("account",),
    currency="USD",
    columns=(
        Column(column="sector", name="sector"),
        Column(column="year_established", name="established", sort=_NUMBER, label="year of foundation"),
        Column(column="revenue", name="revenue", sort=_NUMBER, unit="USD m", label="yearly revenue"),
        Column(column="employees", name="employees", sort=_NUMBER),
        Column(column="office_location", name="country", link="country"),
        Column(column="subsidiary_of", name="parent", link="account", label="parent company"),
    ),
)
"""`accounts.csv`: 85 companies."""

PRODUCTS = Mapping(
    source="products",
    kind="product",
    key=("product",),
    currency="USD",
    columns=(
        Column(column="series", name="series"),
        Column(column="sales_price", name="list_price", sort=_NUMBER, unit="USD", label="list price"),
    ),
)
"""`products.csv`: 7 products."""

AGENTS = Mapping(
    source="agents",
    kind="agent",
    key=("sales_agent",),
    person=True,
    label="sales agent",
    columns=(
        Column(column="manager", name="manager", link="manager", personal=True),
        Column(column="regional_office", name="office", link="office", label="regional office"),
    ),
)
"""`sales_teams.csv`: 35 agents."""

MAPPINGS = (PIPELINE, ACCOUNTS, PRODUCTS, AGENTS)
