"""How the rows of a calling campaign become events.

One row is one lead, listed to be called. Nothing dates the rows, but they stand in the order in which they happened;
that they are spread evenly over the campaign, and that a call ends the day after its listing, are assumptions. How long
the call took is known when it has ended, and so is its outcome; the rest is known when the lead is listed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sightline.kernel.observe.mapping import LINE, Column, Happening, Mapping, Only, Order
from sightline.language.kind import Sort

LISTED, ENDED, SUBSCRIBED = "lead.listed", "call.ended", "lead.subscribed"

FIRST = datetime(2008, 5, 1, tzinfo=UTC)
"""The month the publication names as the campaign's first."""

STEP = timedelta(minutes=32)
"""By it 41,188 rows reach from May 2008 to November 2010, as published. The true pace was uneven: two thirds of the
calls fell into the first eight months."""

CALL = timedelta(days=1)
"""From a listing to the end of its call: a list is called through by the next day."""

_NUMBER = Sort.NUMBER


def _listed(column: str, name: str, sort: Sort = Sort.CATEGORY, *, label: str = "") -> Column:
    return Column(column=column, name=name, sort=sort, label=label)


CAMPAIGN = Mapping(
    source="campaign",
    kind="lead",
    key=(LINE,),
    order=Order(start=FIRST, step=STEP),
    events_=(
        Happening(type=LISTED, time=LINE, label="listed to be called"),
        Happening(type=ENDED, time=LINE, delay=CALL, begins=False, label="call ended"),
        Happening(
            type=SUBSCRIBED,
            time=LINE,
            delay=CALL,
            where=Only(column="y", is_=("yes",)),
            begins=False,
            label="subscribed",
        ),
    ),
    columns=(
        _listed("age", "age", _NUMBER),
        _listed("job", "job"),
        _listed("marital", "marital", label="marital status"),
        _listed("education", "education"),
        _listed("default", "in_default", label="credit in default"),
        _listed("housing", "housing_loan", label="housing loan"),
        _listed("loan", "personal_loan", label="personal loan"),
        # Which of their numbers is called is the caller's choice.
        replace(_listed("contact", "channel"), actionable=True),
        _listed("month", "month"),
        _listed("day_of_week", "weekday"),
        _listed("campaign", "calls", _NUMBER, label="calls in this campaign, this one included"),
        # 999 stands for never.
        Column(
            column="pdays",
            name="days_since_call",
            sort=_NUMBER,
            unit="days",
            label="days since a call of an earlier campaign",
            missing=("999",),
        ),
        _listed("previous", "earlier_calls", _NUMBER, label="calls in earlier campaigns"),
        _listed("poutcome", "earlier_outcome", label="outcome of the earlier campaign"),
        _listed("emp.var.rate", "employment_variation", _NUMBER, label="employment variation rate"),
        _listed("cons.price.idx", "consumer_prices", _NUMBER, label="consumer price index"),
        _listed("cons.conf.idx", "consumer_confidence", _NUMBER, label="consumer confidence index"),
        _listed("euribor3m", "euribor", _NUMBER, label="three-month Euribor"),
        _listed("nr.employed", "employed", _NUMBER, label="people employed, in thousands"),
        Column(column="duration", name="duration", sort=_NUMBER, unit="s", known=ENDED, label="duration of the call"),
    ),
)
"""The campaign as published: `bank-additional-full.csv`, 41,188 rows, 21 columns."""
