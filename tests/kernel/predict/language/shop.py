"""A small world to ask questions of, and all questions of it that can be asked. For tests."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st

from sightline.kernel.predict.language import canonical
from sightline.language.kind import Attribute, EventKind, Kind, Link, Sort
from sightline.language.question import (
    Absent,
    Answer,
    At,
    AttributeOf,
    Before,
    Count,
    Cutoff,
    Every,
    Happened,
    Happens,
    Next,
    Once,
    Question,
    Total,
    TotalOf,
    Value,
    Where,
)


def _kind(name: str, sorts: dict[str, Sort], links: dict[str, str] | None = None, units: str = "") -> Kind:
    return Kind(
        name=name,
        attributes=tuple(
            Attribute(name=one, sort=sort, unit="EUR" if one in units.split() else None, personal=one == "email")
            for one, sort in sorts.items()
        ),
        links=tuple(Link(name=role, to=to) for role, to in (links or {}).items()),
    )


CUSTOMER = _kind(
    "customer",
    {
        "segment": Sort.CATEGORY, "remark": Sort.TEXT, "churned": Sort.FLAG, "charges": Sort.NUMBER,
        "total": Sort.NUMBER, "renews_on": Sort.DAY, "until": Sort.INSTANT, "email": Sort.CATEGORY,
    },
    {"region": "region", "once": "region"},
    "charges",
)  # fmt: skip
ORDER = _kind(
    "order", {"amount": Sort.NUMBER, "mode": Sort.CATEGORY, "gift": Sort.FLAG}, {"customer": "customer"}, "amount"
)
KINDS = {one.name: one for one in (CUSTOMER, ORDER, _kind("region", {"size": Sort.NUMBER}))}
EVENTS = {
    name: EventKind(name=name, of=of)
    for name, of in {
        "order.placed": "order", "order.returned": "order", "customer.left": "customer",
        "customer.described": "customer", "region.closed": "region",
    }.items()
}  # fmt: skip

ASKABLE = ("order.placed", "order.returned", "customer.left", "customer.described")
"""Events that happen to customers, or to what has a link to them."""

_SPANS = st.integers(1, 9999).map(lambda hours: timedelta(hours=hours))
_LAX = st.integers(0, 9999).map(lambda hours: timedelta(hours=hours))
_DAYS = st.sampled_from(["renews_on", "until"])
_TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12) | (
    st.sampled_from(["true", "false", "not", "and", "within", "Air", "Air Charter", "7", "-1.5", "01", ' "', "\\"])
)
_NUMBERS = st.integers(-(10**6), 10**6).map(float) | st.floats(-1e30, 1e30)


def _tests(texts: list[str], numbers: list[str], flags: list[str]) -> st.SearchStrategy[tuple[Where, ...]]:
    equal = st.sampled_from(["is", "is not"])
    one = (
        st.builds(Where, st.sampled_from(texts), equal, _TEXTS)
        | st.builds(Where, st.sampled_from(numbers), st.sampled_from(["is", "is not", "above", "below"]), _NUMBERS)
        | st.builds(Where, st.sampled_from(flags), equal, st.booleans())
    )
    return st.just(()) | st.lists(one, max_size=2).map(tuple)


_OF_CUSTOMERS = _tests(["segment", "remark"], ["charges", "total"], ["churned"])
_OF_ORDERS = _tests(["mode"], ["amount"], ["gift"])


@st.composite
def _awaiting(draw: st.DrawFn) -> Answer:
    event = draw(st.sampled_from(ASKABLE))
    where = draw(_OF_ORDERS if event.startswith("order.") else _OF_CUSTOMERS)
    within, day = (draw(_SPANS), None) if draw(st.booleans()) else (None, draw(_DAYS))
    amount = "amount" if event.startswith("order.") else draw(st.sampled_from(["charges", "total"]))
    if draw(st.booleans()):
        if draw(st.booleans()):
            return Absent(event=event, within=within, until=day, where=where)
        return Happens(event=event, within=within, by=day, where=where)
    within = within or draw(_SPANS)
    if draw(st.booleans()):
        return Total(event=event, amount=amount, within=within, where=where)
    return draw(st.sampled_from([Count, Next]))(event=event, within=within, where=where)


_ASPECTS = (
    st.builds(Value, attribute=st.sampled_from(["segment", "remark"]), is_=_TEXTS)
    | st.builds(Value, attribute=st.just("churned"), is_=st.sampled_from(["true", "false"]))
    | st.builds(Value, attribute=st.sampled_from(["charges", "total"]), is_=st.sampled_from([None, "5", "-1.50"]))
)


@st.composite
def _values(draw: st.DrawFn, timed: bool) -> Value:
    found = draw(_ASPECTS)
    within, by = (draw(_SPANS), None) if draw(st.booleans()) else (None, draw(_DAYS))
    return Value(attribute=found.attribute, is_=found.is_, **({"within": within, "by": by} if timed else {}))


@st.composite
def _cutoffs(draw: st.DrawFn) -> Cutoff:
    events = st.sampled_from(ASKABLE)
    active = st.none() | st.builds(Happened, events, _SPANS)
    return draw(st.builds(Before, _DAYS, _LAX) | st.builds(At, events) | st.builds(Every, _SPANS, active))


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Any question that fits this world."""
    once = draw(st.integers(0, 4)) == 0
    worths = st.none() | st.builds(AttributeOf, st.sampled_from(["charges", "total"]))
    pasts = st.builds(TotalOf, st.just("order.placed"), st.just("amount"), _SPANS)
    return Question(
        name="lab.asked",
        of="customer",
        asks="",
        when=Once() if once else draw(_cutoffs()),
        answer=draw(_values(timed=False) if once else _awaiting() | _values(timed=True)),
        grace=timedelta(0) if once else draw(_LAX),
        worth=draw(worths if once else worths | pasts),
        together=draw(st.sampled_from([None, "region", "once"])),
        where=draw(_OF_CUSTOMERS),
        unless=() if once else tuple(draw(st.lists(st.sampled_from(ASKABLE), max_size=2))),
    )


def lines() -> st.SearchStrategy[str]:
    """Their canonical lines."""
    return questions().map(canonical)
