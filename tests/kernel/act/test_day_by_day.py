"""A rehearsal decides a day at a time as it is decided on duty."""

from __future__ import annotations

from sightline.kernel.act.arbitrate import Standing
from sightline.kernel.act.day_by_day import Days
from sightline.kernel.act.drawing import Drawing
from sightline.kernel.act.reaching import Reaching
from sightline.language import derived
from sightline.language.action import Verb
from sightline.language.playbook import Choice, Playbook, Situation
from sightline.language.ref import Ref
from sightline.testing import make

NOTE = Choice(name="note", channel="mail", channels=("mail", "crm"), write=lambda _: "", saves=0.1)
DAILY = Playbook(
    name="made.daily", question="made.late", wakes_on="every day", party="owner", capacity=1, choices=(NOTE,)
)  # fmt: skip


def play(*parties: str, shut: str, days: int) -> dict[str, Verb]:
    """What became of the things of some parties, those first that are worth most."""
    situations = [
        Situation(
            subject=Ref("thing", party), now=make.day(0), deadline=make.day(30), links={"owner": f"team/{party}"},
            probability=0.8, worth=1000.0 - place,
        )
        for place, party in enumerate(parties)
    ]  # fmt: skip
    told = {"question": "made.late", "cutoff": make.day(0).isoformat()}
    events = [make.event(str(one.subject), type=derived.PREDICTED, **told) for one in situations]
    reaching = Reaching(shut={f"team/{shut}": frozenset(NOTE.channels)})
    found = Days(
        playbook=DAILY, situations=situations, events=events, sides=(), hold_out=0.0, promise=0.9,
        standing=Standing(), by=Drawing(reaching=reaching),
    )  # fmt: skip
    found.play(make.day(0), make.day(days))
    return {parties[row]: one.verb for row, one in found.decided.items()}


def test_what_a_day_s_capacity_left_waits_and_whom_nothing_reaches_does_not() -> None:
    one = {"first": Verb.ASK, "none": Verb.DROP}
    assert play("first", "none", "second", shut="none", days=1) == one
    assert play("first", "none", "second", shut="none", days=2) == one | {"second": Verb.ASK}
