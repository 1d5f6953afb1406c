"""Choices are drawn by lots that anybody can draw again, their chances logged; who is kept back stays untouched."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from sightline.foundation.tenants import Tenant
from sightline.kernel.act import playbook_file, trials
from sightline.kernel.act.drawing import Drawing, lots_of
from sightline.kernel.act.lots import assigned
from sightline.kernel.act.propose import decision_for, drawn
from sightline.kernel.desk import Desk
from sightline.kernel.predict.chooser import Chooser
from sightline.language import derived
from sightline.language.action import Decision, Verb
from sightline.language.errors import Invalid
from sightline.language.experiment import Experiment
from sightline.language.playbook import Choice, Playbook, Situation
from sightline.language.ref import Ref
from sightline.testing import make
from tests.kernel.act.world import TWO, choose, declare, line, tell

PLAYBOOK = Playbook(
    name="made.tell", question="made.late", wakes_on="made.late", party="owner",
    choices=(
        Choice(name="note", channel="crm", write=lambda _: "note", cost=1.0, saves=0.1),
        Choice(name="call", channel="crm", write=lambda _: "call", cost=30.0, saves=0.1),
    ),
)  # fmt: skip
TRIAL = Experiment(name="spring", arms=("note", "call"), shares=(0.5, 0.5))
PREDICTED = make.event(type=derived.PREDICTED, question="made.late", cutoff=make.day(2).isoformat())


def decided(number: int, by: Drawing | None, playbook: Playbook = PLAYBOOK, *, worth: float = 1000.0) -> Decision:
    situation = Situation(
        subject=Ref("thing", str(number)), now=make.day(3), deadline=make.day(30), worth=worth,
        links={"owner": f"team/{number}"}, probability=None, attributes={"mode": "Air" if number % 2 else "Sea"},
    )  # fmt: skip
    return decision_for(playbook, situation, PREDICTED, [], hold_out=0.2, promise=0.95, by=by)


def test_an_experiment_gives_each_party_an_arm_and_touches_nobody_who_is_kept_back() -> None:
    by = Drawing(attributes=("mode",), experiment=TRIAL, id="exp_1")
    found = [decided(number, by) for number in range(2000)]
    for one in found:
        lot = one.proposal.drawn
        assert lot is not None
        assert (lot.experiment, lot.propensity, lot.usual) == ("exp_1", 0.5, "note")
        assert one.proposal.choice == one.proposal.text == assigned(lots_of("made.tell", TRIAL), one.proposal.party)
        assert (one.verb is Verb.HOLD) == drawn("made.tell", one.proposal.party, 0.2)
    by_arm = Counter((one.arm, one.proposal.choice) for one in found)
    for arm in ("treated", "control"):
        assert by_arm[arm, "call"] / (by_arm[arm, "call"] + by_arm[arm, "note"]) == pytest.approx(0.5, abs=0.06)
    assert found[0].proposal.drawn
    assert found[0].proposal.drawn.known == {"mode": "Sea", "worth": 1000.0}


def test_whether_anything_is_done_and_in_which_order_hangs_on_no_lot() -> None:
    """A call costs more than it saves here, and a note does not: both arms are decided about alike."""
    by = Drawing(experiment=TRIAL, id="exp_1")
    found = [decided(number, by, worth=100.0) for number in range(50)]
    assert {one.proposal.choice for one in found} == {"note", "call"}
    assert {one.proposal.order for one in found} == {9.0}
    assert Verb.DROP not in {one.verb for one in found}
    assert {one.verb for one in (decided(number, by, worth=5.0) for number in range(50))} == {Verb.DROP}


def taught(*, loose: bool) -> Chooser:
    """A chooser that has seen calls help by air, and hurt by sea."""
    number = np.arange(400)
    known = [{"mode": "Air" if n % 2 else "Sea"} for n in number]
    called = number // 2 % 2
    hits = np.where(called == 1, number % 2, 0.5 * (number // 4 % 2))
    return replace(Chooser.fitted(["note", "call"], known, called, hits.astype(float)), loose=loose)


def test_while_it_learns_the_usual_choice_is_made_and_each_other_now_and_then() -> None:
    playbook = replace(PLAYBOOK, choose="learned")
    for chooser in (None, taught(loose=False)):
        by = Drawing(attributes=("mode",), chooser=chooser)
        lots = [one.proposal.drawn for one in (decided(number, by, playbook) for number in range(1000))]
        assert {(lot.choice, round(lot.propensity, 6)) for lot in lots if lot} == {("note", 0.95), ("call", 0.05)}
        assert 25 < sum(lot.choice == "call" for lot in lots if lot) < 80
        shadows = Counter((lot.known["mode"], lot.shadow) for lot in lots if lot)
        if chooser is None:
            assert {shadow for _, shadow in shadows} == {None}
        else:
            assert all(sum(chance for chance, _ in lot.learned.values()) == pytest.approx(1) for lot in lots if lot)
            assert shadows["Air", "call"] > 400
            assert shadows["Sea", "note"] > 400


def test_let_loose_it_chooses_for_whom_and_the_same_again() -> None:
    playbook, by = replace(PLAYBOOK, choose="learned"), Drawing(attributes=("mode",), chooser=taught(loose=True))
    found = [decided(number, by, playbook) for number in range(400)]
    assert found == [decided(number, by, playbook) for number in range(400)]
    for one in found:
        lot = one.proposal.drawn
        assert lot
        assert 0.05 <= lot.propensity <= 1
        likely = (lot.known["mode"] == "Air") == (lot.choice == "call")
        assert (lot.propensity > 0.5) == likely
        assert lot.learned[lot.choice][0] == lot.propensity
    calls = sum(one.proposal.choice == "call" for one in found)
    assert 150 < calls < 250
    # Of other choices than it was taught, it says nothing.
    other = replace(playbook, choices=tuple(replace(one, name=one.name + "!") for one in playbook.choices))
    lots = [decided(number, by, other).proposal.drawn for number in range(50)]
    assert {round(lot.propensity, 6) for lot in lots if lot} == {0.95, 0.05}


TRIED = (
    TWO
    + """
[own.chase.experiment]
name = "spring"
arms = ["note", "call"]
shares = [0.7, 0.3]
least = 0.1
span = "4 weeks"
why = "A call helps more."
guards = [{ event = "sightline.contact.stopped" }, { question = "supply.arrives_late", good = "no" }]
"""
)


async def test_a_declared_experiment_begins_with_the_first_it_concerns(desk: Desk, standing: Tenant) -> None:
    choose(desk, hold_out=0.3)
    await declare(desk, standing, TRIED)
    await tell(desk, standing, *(line(f"l{number}") for number in range(40)))
    async with desk.db.transaction(standing.number) as tx:
        (trial,) = await trials.listed(tx)
        rows = await tx.rows(
            "select d.*, a.key is not null as done from sightline.decisions d left join sightline.actions a"
            " on a.tenant = d.tenant and a.key = d.key where d.tenant = :t and playbook = 'own.chase'",
            t=tx.tenant,
        )  # fmt: skip
        told = await tx.rows(
            "select type, data from sightline.ledger where tenant = :t and type = any(:types)",
            t=tx.tenant, types=[derived.BEGAN],
        )  # fmt: skip
    assert trial.experiment.span == timedelta(weeks=4)
    assert (trial.state, trial.by, trial.until) == ("running", trials.DECLARED, make.day(1028))
    assert [row["data"]["name"] for row in told] == ["spring"]
    assert len(rows) == 40
    arms = lots_of("own.chase", trial.experiment)
    for row in rows:
        assert row["choice"] == assigned(arms, Ref.parse(row["party"]))
        assert row["propensity"] == pytest.approx({"note": 0.7, "call": 0.3}[row["choice"]])
        assert (row["experiment"], row["usual"], row["done"]) == (trial.id, "note", row["verb"] == "act")
        assert row["known"] == {"mode": "Air", "worth": 10_000.0} | row["known"]
    held = {row["party"] for row in rows if row["verb"] == "hold"}
    assert held == {row["party"] for row in rows if drawn("own.chase", Ref.parse(row["party"]), 0.3)}
    assert held


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ('arms = ["note", "cal"]', "Did you mean 'call'?"),
        ('arms = ["note"]', "two arms or more"),
        ("shares = [0.7, 0.4]", "together 1"),
        ("shares = [true, false]", "list of numbers"),
        ("least = 2", "least change"),
        ('guards = [{ event = "line.deliverd" }]', "Did you mean 'line.delivered'?"),
        ('guards = [{ within = "3 days" }]', "a question or an event"),
        ('guards = [{ question = "supply.arrives_late" }]', "Say `good`: yes or no."),
        ('guards = [{ question = "supply.arrives_late", good = "no", margin = 1 }]', "such as 0.01"),
    ],
)
async def test_an_experiment_that_does_not_fit_is_refused_at_the_door(
    desk: Desk, standing: Tenant, wrong: str, said: str
) -> None:
    catalog = await desk.catalog(standing)
    word = wrong.partition(" ")[0]
    text = "\n".join(wrong if one.startswith(f"{word} =") else one for one in TRIED.splitlines())
    with pytest.raises(Invalid) as refused:
        playbook_file.parse(text, catalog)
    assert said in f"{refused.value.message} {refused.value.hint}"


async def test_what_is_compared_must_be_measured_and_speak_alike(desk: Desk, standing: Tenant) -> None:
    catalog = await desk.catalog(standing)
    for text, said in (
        (TRIED.replace('success = "no"\n', ""), "calls no answer success"),
        (TRIED.replace('"call", channel = "paper"', '"call", channel = "crm"'), "some goes to paper"),
        (TWO.replace('success = "no"', 'choose = "learned"'), "learns which"),
    ):
        with pytest.raises(Invalid, match=said):
            playbook_file.parse(text, catalog)
