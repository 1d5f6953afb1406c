"""The figures of a text are facts, in whatever style and however rounded; one that is none is noticed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sightline.foundation.tenants import Tenant
from sightline.kernel.act import figures, templates
from sightline.kernel.desk import Desk, reading
from sightline.language.playbook import Situation
from sightline.language.ref import Ref
from sightline.testing import make
from tests.kernel.act.sendings import change
from tests.kernel.act.world import HEAD, asked, choose, declare, letters, line, run_of, tell

SITUATION = Situation(
    subject=Ref("line", "PO-82108"), now=datetime(2015, 1, 20, tzinfo=UTC),
    deadline=datetime(2015, 1, 14, 23, 59, tzinfo=UTC), probability=0.9149, worth=1234.5, low=-3.25,
    attributes={"note": "crate 17 of 40", "promised_on": "2015-01-14", "weight": 2400},
    links={"project": "project/112-ZA-T30"}, reasons=("3 of this vendor's last 5 shipments were 12.5 % short",),
    finding="Promised for 14 Jan 2015.",
)  # fmt: skip
TOKEN = "pii_" + "0" * 24
GRACE = timedelta(days=45)


def written(text: str) -> Callable[[Situation], str]:
    return lambda _: text


def strange(text: str) -> str | None:
    """The first figure of a text that nothing tells: it has no words of its own."""
    return figures.check(text, figures.facts(SITUATION, lambda _: "")).strange


@pytest.mark.parametrize(
    "text",
    [
        "PO-82108 over 1,234.50 (line/PO-82108) is 91% likely, or 91.5 %, in project/112-ZA-T30.",
        "Offen: 1.234,50 EUR, USD 1234.5, $1,234, €1.234,50; 1'235 CHF, 1\u202f235.",
        "It was due on 14 Jan 2015, on 2015-01-14, on 14.01.2015, on January 14, 2015 and on 01/14/2015.",
        "5 days ago, counting today 6; in 2015; today is 20 Jan 2015.",
        "Why: 3 of this vendor's last 5 shipments were 12.5% short; crate 17 of 40; 2,400 kg; at least -3.25.",
        "Nothing with a figure.",
        "About €1.2k or 1,2k EUR, 1k€; 2.4kEUR, 2400kg, 2400.0kg; 3.25 too little, -3.25, −3.25, (-$3.25).",
        "Crates +17, 17-40, 3-5.",
    ],
)
def test_what_is_a_fact_is_found_in_whatever_style(text: str) -> None:
    assert strange(text) is None


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("Over 1,244.50.", "1,244.50"),
        ("It is 92 % likely.", "92 %"),
        ("Due on 15 Jan 2015.", "15 Jan 2015"),
        ("Due on 2015-01-15.", "2015-01-15"),
        ("It is 8 days late.", "8"),
        ("About PO-82109.", "PO-82109"),
        ("You owe €99.", "€99"),
        ("Only 12 items 2015.", "12"),
        ("You owe €17k.", "€17k"),
        ("You owe 17m.", "17m"),
        ("You owe 17.40M.", "17.40M"),
        ("You owe $3bn/year.", "$3bn/year"),
        ("You owe 40kEUR.", "40kEUR"),
        ("You owe €1.3k.", "€1.3k"),
        ("You owe -17.", "-17"),
        ("You owe €-17.", "€-17"),
        ("You owe −17 EUR.", "−17"),
        ("At least +3.25.", "+3.25"),
    ],
)
def test_what_is_none_is_named(text: str, figure: str) -> None:
    assert strange(text) == figure


@pytest.mark.parametrize("text", ["€17k", "-17", "+17", "-12.5%", "1.2m"])
def test_what_stands_in_the_facts_as_it_is_told_is_one_of_them(text: str) -> None:
    known = figures.facts(replace(SITUATION, finding=f"It is {text}."), lambda _: "")
    assert figures.check(text, known).strange is None
    assert figures.check(text, figures.check(text, known).facts).strange is None


def span(situation: Situation) -> str:
    return f"{_from_elsewhere()} within {GRACE.days} days, {7} at least; {situation.worth:,.0f}."


def _from_elsewhere() -> str:
    return "2 reminders"


def test_the_words_of_a_text_may_hold_figures_of_their_own() -> None:
    template = templates.read("Within 30 days of {{ deadline | day }}, {{ worth | money }}.", ())
    for write in (template, span):
        stands = figures.check(write(SITUATION), figures.facts(SITUATION, write))
        assert stands.strange is None, write
        # What is kept of its facts is enough to look again, and no more than that.
        again = figures.check(write(SITUATION), stands.facts)
        assert (again.strange, again.facts) == (None, stands.facts)
    assert figures.check("31 days", figures.facts(SITUATION, template)).strange == "31"


ODD = HEAD.replace("{{ finding }}", "{{ finding }} Since {{ it.promised_on[3] }} weeks.")
"""A text that makes a figure of its own: a digit of a day."""


async def broken(desk: Desk, tenant: Tenant) -> int:
    return next(one.broken for one in await reading.invariants(desk, tenant) if one.name == "figures_are_facts")


async def test_a_text_with_a_strange_figure_is_put_to_a_person_and_never_said_by_default(
    desk: Desk, standing: Tenant
) -> None:  # fmt: skip
    choose(desk, hold_out=0.0)
    await declare(desk, standing, ODD + 'by_default = "act"\n')
    await tell(desk, standing, line("a"))
    (item,) = await asked(desk, standing)
    assert item.because == "Its text tells '2', which is none of its facts, so a person decides."
    assert item.by_default == "drop"
    tenant = await desk.advance(standing, make.day(1009))
    assert await letters(desk, tenant) == []


async def test_a_later_step_with_one_is_stuck(desk: Desk, standing: Tenant) -> None:
    choose(desk, hold_out=0.0)
    more = '[[own.chase.follow]]\nname = "more"\nsend = "For {{ it.promised_on[3] }} weeks."\nchannel = "paper"\n'
    await declare(desk, standing, HEAD + more)
    await tell(desk, standing, line("a"))
    run = await run_of(desk, standing)
    assert (run.state, run.step) == ("stuck", "more")
    assert "'2', which is none of its facts" in run.why
    assert len(await letters(desk, standing)) == 1


async def test_what_was_sent_is_looked_at_on_duty(desk: Desk, standing: Tenant) -> None:
    choose(desk, hold_out=0.0)
    more = '[[own.chase.follow]]\nname = "more"\nsend = "{{ key }} is worth {{ worth | money }}."\nchannel = "paper"\n'
    await declare(desk, standing, HEAD + more)
    await tell(desk, standing, line("a"))
    assert len(await letters(desk, standing)) == 2
    assert await broken(desk, standing) == 0
    await change(desk, standing, "actions", "text = replace(text, '10,000', '11,000')")
    assert await broken(desk, standing) == 1
