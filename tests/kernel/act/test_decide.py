"""Deciding is pure: what becomes of a proposal follows from its worth, the draw, the promise and the probability."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from sightline.kernel.act.arbitrate import may_come
from sightline.kernel.act.drawing import Drawing
from sightline.kernel.act.propose import begun, decision_for, drawn
from sightline.kernel.act.reaching import Reaching
from sightline.language import derived
from sightline.language.action import Decision, Verb
from sightline.language.errors import Invalid
from sightline.language.playbook import Choice, Playbook, Situation
from sightline.language.proof import Side
from sightline.language.ref import Ref
from sightline.testing import make

PLAYBOOK = Playbook(
    name="made.tell", question="made.late", wakes_on="made.late", party="owner",
    choices=(
        Choice(name="tell", channel="paper", write=lambda one: f"{one.subject} may be late", cost=5.0, saves=0.1),
    ),
)  # fmt: skip
SITUATION = Situation(
    subject=Ref("thing", "1"), now=make.day(3), deadline=make.day(30), links={"owner": "team/one"}, probability=0.8,
    worth=1000.0,
)  # fmt: skip
PREDICTED = make.event(type=derived.PREDICTED, question="made.late", cutoff=make.day(2).isoformat())


def side(line: float | None) -> Side:
    return Side(side="yes", called="late", line=line, precision=0.97, bound=0.95, coverage=0.2, promise=0.95)


def decided(
    situation: Situation = SITUATION, line: float | None = 0.75, hold_out: float = 0.0, promise: float = 0.95
) -> Decision:
    return decision_for(PLAYBOOK, situation, PREDICTED, [side(line)], hold_out=hold_out, promise=promise)


def refuses(_: Situation) -> str:
    raise Invalid("It cannot be written.")


def test_beyond_the_line_it_acts_and_says_which() -> None:
    found = decided()
    assert found.verb is Verb.ACT
    assert "80%" in found.because
    assert "75%" in found.because
    assert found.proposal.value == 0.8 * 1000 * 0.1 - 5
    assert found.proposal.text == "thing/1 may be late"
    assert found.proposal.party == Ref("team", "one")


def test_below_the_line_or_without_one_a_person_is_asked() -> None:
    assert decided(line=0.85).verb is Verb.ASK
    assert decided(line=None).verb is Verb.ASK
    assert "late" in decided(line=None).because
    assert decision_for(PLAYBOOK, SITUATION, PREDICTED, [], hold_out=0.0, promise=0.95).verb is Verb.ASK


def test_what_was_broken_on_duty_is_asked_with_its_reason() -> None:
    sides = [replace(side(0.75), broken="Half were right of 90.")]
    found = decision_for(PLAYBOOK, SITUATION, PREDICTED, sides, hold_out=0.0, promise=0.95)
    assert (found.verb, found.because) == (Verb.ASK, "Half were right of 90. So a person decides.")


def test_a_promise_raised_since_the_proof_restrains_it() -> None:
    """The bound of what was proved counts, not what the proof was asked for."""
    found = decided(promise=0.975)
    assert found.verb is Verb.ASK
    assert "proved for 95%; 97.5% is promised now" in found.because
    proved = replace(side(0.75), promise=0.9)
    for promise, verb in ((0.95, Verb.ACT), (0.96, Verb.ASK)):
        assert decision_for(PLAYBOOK, SITUATION, PREDICTED, [proved], hold_out=0, promise=promise).verb is verb


def test_what_costs_more_than_it_brings_is_dropped() -> None:
    assert decided(replace(SITUATION, worth=10.0)).verb is Verb.DROP
    assert decided(replace(SITUATION, worth=None)).verb is Verb.DROP


def test_the_control_is_held_back_whatever_the_line() -> None:
    for line in (0.75, 0.85, None):
        found = decided(line=line, hold_out=1.0)
        assert (found.verb, found.arm) == (Verb.HOLD, "control")


def test_plain_facts_need_no_promise() -> None:
    found = decision_for(
        PLAYBOOK, replace(SITUATION, probability=None), make.event(type=derived.FOUND), [], hold_out=0.0, promise=0.95
    )
    assert found.verb is Verb.ACT


def test_a_refusal_lasts_where_tomorrow_would_say_the_same() -> None:
    note = replace(PLAYBOOK.choices[0], channel="mail", channels=("mail", "crm"))
    daily = replace(PLAYBOOK, choices=(note,), capacity=1)
    blank = replace(daily, choices=(replace(note, write=refuses),))
    shut = Drawing(reaching=Reaching(shut={"team/one": frozenset(note.channels)}))

    def left(worth: float, playbook: Playbook = daily) -> tuple[str, bool]:
        situation = replace(SITUATION, worth=worth)
        found = decision_for(playbook, situation, PREDICTED, [], hold_out=0.0, promise=0.95, by=shut)
        assert (found.verb, found.proposal.value < 1e9) == (Verb.DROP, True)
        return found.because, may_come(found, playbook)

    assert left(1000.0) == ("None of its channels reaches team/one: 'mail', 'crm'.", False)
    # That nothing reaches it either is not why: it may be worth more tomorrow.
    assert left(10.0) == ("It would bring -4, less than nothing, after its cost.", True)
    assert left(float("inf")) == ("What it would bring cannot be told.", False)
    assert [left(worth, blank) for worth in (1000.0, float("inf"))] == [("It cannot be written.", False)] * 2


def test_one_key_per_playbook_subject_and_cutoff() -> None:
    assert decided().key == decided(replace(SITUATION, now=make.day(9), probability=0.9)).key
    other = make.event(type=derived.PREDICTED, question="made.late", cutoff=make.day(4).isoformat())
    assert decision_for(PLAYBOOK, SITUATION, other, [], hold_out=0.0, promise=0.95).key != decided().key


def test_nobody_decides_about_somebody_twice_nor_writes_to_find_that_out() -> None:
    refused = replace(PLAYBOOK, choices=(replace(PLAYBOOK.choices[0], write=refuses),))
    keys = {begun(one, SITUATION, PREDICTED).key for one in (PLAYBOOK, refused)}
    assert keys == {decided().key}


@given(
    probability=st.floats(0, 1),
    worth=st.floats(0, 1e9),
    line=st.none() | st.floats(0, 1),
    share=st.floats(0, 0.5),
    promise=st.floats(0.5, 1),
)
def test_it_never_acts_by_itself_without_a_line_that_keeps_the_promise(
    probability: float, worth: float, line: float | None, share: float, promise: float
) -> None:
    found = decided(replace(SITUATION, probability=probability, worth=worth), line, share, promise)
    if found.verb is Verb.ACT:
        assert promise <= 0.95
        assert line is not None
        assert probability >= line
        assert found.arm == "treated"
        assert found.proposal.value > 0


def test_the_draw_is_for_ever_about_its_share_and_apart_for_each_playbook() -> None:
    parties = [Ref("team", str(number)) for number in range(5000)]
    one = [drawn("made.tell", party, 0.1) for party in parties]
    assert one == [drawn("made.tell", party, 0.1) for party in parties]
    assert 400 < sum(one) < 600
    both = sum(a and drawn("made.other", party, 0.1) for a, party in zip(one, parties, strict=True))
    assert both < 100
    assert all(drawn("made.tell", party, 0.3) for party, held in zip(parties, one, strict=True) if held)
