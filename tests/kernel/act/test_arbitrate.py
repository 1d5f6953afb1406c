"""Of what several playbooks would do: one speaks about a subject, and nobody too often."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sightline.kernel.act.arbitrate import Standing, arbitrate, may_come
from sightline.language.action import Decision, Proposal, Verb
from sightline.language.playbook import Choice, Playbook
from sightline.language.ref import Ref
from sightline.testing import make


def playbook(name: str, **more: Any) -> Playbook:
    choice = Choice(name="tell", channel="mail", write=lambda _: "")
    return Playbook(name=name, question="made.late", wakes_on="made.late", choices=(choice,), party="owner", **more)


PLAYBOOKS = {one.name: one for one in (playbook("made.a"), playbook("made.b"), playbook("made.first", priority=3))}

LATE = ("made.late", True)
BOTH = {"made.a": LATE, "made.b": LATE}


def decision(
    name: str = "made.a", subject: int = 1, *, party: int | None = None, verb: Verb = Verb.ACT, value: float = 1.0,
    channel: str = "mail",
) -> Decision:  # fmt: skip
    proposal = Proposal(
        playbook=name, choice="tell", subject=Ref("thing", str(subject)), party=Ref("team", str(party or subject)),
        text="", value=value, question="made.late", cutoff=make.day(1), channel=channel,
    )  # fmt: skip
    arm = "control" if verb is Verb.HOLD else "treated"
    return Decision(proposal=proposal, verb=verb, because="", arm=arm, at=make.day(2))


def verbs(decided: list[Decision], standing: Standing | None = None) -> list[tuple[str, Verb]]:
    return [(one.proposal.playbook, one.verb) for one in arbitrate(decided, PLAYBOOKS, standing or Standing())]


def test_of_two_about_one_subject_the_one_of_higher_priority_speaks() -> None:
    both = [decision("made.a", value=9.0), decision("made.first", value=1.0)]
    assert verbs(both) == [("made.first", Verb.ACT), ("made.a", Verb.DROP)]


def test_of_equals_the_one_that_is_worth_more() -> None:
    found = arbitrate([decision("made.a", value=1.0), decision("made.b", value=2.0)], PLAYBOOKS, Standing())
    assert [(one.proposal.playbook, one.verb) for one in found] == [("made.b", Verb.ACT), ("made.a", Verb.DROP)]
    assert found[1].because == "'made.b' speaks of it at the same time and comes first."


def test_who_is_kept_back_is_left_alone_by_others_that_change_the_same_answer() -> None:
    standing = Standing(changing=BOTH, kept={(LATE, "team/1"): "made.b"})
    assert verbs([decision("made.a"), decision("made.a", 2)], standing) == [
        ("made.a", Verb.DROP), ("made.a", Verb.ACT),
    ]  # fmt: skip
    # One that merely informs changes nothing, and its own controls it keeps itself.
    informing = Standing(changing={"made.b": LATE}, kept={(LATE, "team/1"): "made.b"})
    assert verbs([decision("made.a")], informing) == [("made.a", Verb.ACT)]
    assert verbs([decision("made.b", verb=Verb.HOLD)], standing) == [("made.b", Verb.HOLD)]
    # One that facts wake is to change what comes after, not whether it comes by the deadline.
    chasing = Standing(changing={**BOTH, "made.a": ("made.late", False)}, kept={(LATE, "team/1"): "made.b"})
    assert verbs([decision("made.a")], chasing) == [("made.a", Verb.ACT)]
    # Unless the deadline is ahead, and it is about the very subject.
    chasing.foreseen = {("made.late", "thing/1"): "made.b"}
    assert verbs([decision("made.a"), decision("made.a", 2)], chasing) == [("made.a", Verb.DROP), ("made.a", Verb.ACT)]


def test_who_is_kept_back_now_is_protected_in_the_same_batch() -> None:
    standing = Standing(changing=BOTH)
    held = decision("made.a", 1, party=7, verb=Verb.HOLD, value=5.0)
    assert verbs([held, decision("made.b", 2, party=7)], standing) == [("made.a", Verb.HOLD), ("made.b", Verb.DROP)]


def test_the_best_get_the_capacity_and_controls_take_their_share_of_it() -> None:
    """Were they for nothing, the best of those acted upon would be compared with all who are kept back."""
    decided = [decision(subject=n, value=float(n)) for n in range(1, 6)]
    decided[3] = decision(subject=4, value=4.0, verb=Verb.HOLD)
    found = arbitrate(decided, PLAYBOOKS, Standing(slots={"made.a": 2}))
    assert {str(one.proposal.subject): one.verb for one in found} == {
        "thing/5": Verb.ACT, "thing/4": Verb.HOLD, "thing/3": Verb.DROP, "thing/2": Verb.DROP, "thing/1": Verb.DROP,
    }  # fmt: skip


def test_who_spoke_within_a_week_is_not_spoken_over_but_by_a_higher_priority() -> None:
    standing = Standing(spoken={"thing/1": {"made.b": 0}})
    assert verbs([decision("made.a")], standing) == [("made.a", Verb.DROP)]
    assert verbs([decision("made.b")], Standing(spoken={"thing/1": {"made.b": 0}})) == [("made.b", Verb.ACT)]
    assert verbs([decision("made.first")], Standing(spoken={"thing/1": {"made.b": 0}})) == [("made.first", Verb.ACT)]


def test_what_is_refused_for_today_alone_may_come_tomorrow_and_what_lasts_is_decided() -> None:
    daily = playbook("made.a", capacity=1)
    full, spoken = Standing(slots={"made.a": 0}), Standing(spoken={"thing/1": {"made.b": 0}})
    often = Standing(most=1, contacts=Counter({"team/1": 1}))
    kept = Standing(changing=BOTH, kept={(LATE, "team/1"): "made.b"})
    alone = [arbitrate([decision()], PLAYBOOKS, one)[0] for one in (full, spoken, often, kept)]
    behind = arbitrate([decision(), decision("made.first")], PLAYBOOKS, Standing())[1]
    assert {one.verb for one in (*alone, behind)} == {Verb.DROP}
    assert [may_come(one, daily) for one in (*alone, behind)] == [True, True, True, False, True]
    # What lasts is what is told, though today is full besides.
    (both,) = arbitrate([decision()], PLAYBOOKS, replace(kept, slots={"made.a": 0}))
    assert (both.because, may_come(both, daily)) == (alone[3].because, False)
    # Without a capacity everything is decided.
    assert not any(may_come(one, PLAYBOOKS["made.a"]) for one in (*alone, behind))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(PLAYBOOKS)), st.integers(1, 6), st.integers(1, 3), st.sampled_from(list(Verb)),
            st.floats(-5, 5), st.sampled_from(["mail", "paper"]),
        ),
        max_size=25,
    ),
    st.integers(1, 4),
    st.dictionaries(st.integers(1, 3), st.integers(0, 5)),
)  # fmt: skip
def test_never_beyond_the_policy_never_two_about_one_subject(
    drawn: list[tuple[str, int, int, Verb, float, str]], most: int, before: dict[int, int]
) -> None:
    decided = [
        decision(name, subject, party=party, verb=verb, value=value, channel=channel)
        for name, subject, party, verb, value, channel in drawn
    ]
    contacts = Counter({f"team/{party}": count for party, count in before.items()})
    found = arbitrate(decided, PLAYBOOKS, Standing(most=most, contacts=Counter(contacts)))
    assert len(found) == len(decided)
    speaking = [one for one in found if one.verb is not Verb.DROP]
    by_mail = Counter(str(one.proposal.party) for one in speaking if one.proposal.channel == "mail")
    assert all(by_mail[party] + contacts[party] <= max(most, contacts[party]) for party in by_mail)
    about = {(str(one.proposal.subject), one.proposal.playbook) for one in found if one.verb is not Verb.DROP}
    assert len({subject for subject, _ in about}) == len(about)
    # Nothing is done that was not proposed.
    assert sum(one.verb is not Verb.DROP for one in found) <= sum(one.verb is not Verb.DROP for one in decided)
