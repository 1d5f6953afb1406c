"""Playbooks in a file: what fits becomes one, what does not is refused at the door with a message that teaches."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from sightline.kernel.act import playbook_file, templates
from sightline.kernel.act.conditions import meets
from sightline.kernel.pack import Registry
from sightline.language.catalog import Catalog
from sightline.language.errors import Invalid
from sightline.language.playbook import Ask, Send, Situation, Wait
from sightline.language.question import Where
from sightline.language.ref import Ref
from sightline.packs.supply.pack import PACK
from sightline.testing import make
from tests.kernel.act.world import HEAD, LADDER

CATALOG = Registry((PACK,)).catalog()
SITUATION = Situation(
    subject=Ref("line", "7"), now=make.day(1), deadline=make.day(30), attributes={"mode": "Air", "value": 900.0},
    links={"project": "project/1"}, probability=0.8, worth=1234.5,
)  # fmt: skip


def parse(text: str, catalog: Catalog = CATALOG) -> playbook_file.Read:
    (found,) = playbook_file.parse(text, catalog)
    return found


def test_a_file_tells_a_playbook() -> None:
    found = parse(
        LADDER.replace("priority = 5", 'priority = 5\nsuccess = "no"\nwhom = "mode is Air and worth above 9"')
    )
    playbook = found.playbook
    assert (playbook.name, playbook.question, playbook.party) == ("own.chase", "supply.arrives_late", "project")
    assert playbook.whom == (Where("mode", "is", "Air"), Where("worth", "above", 9.0))
    assert [type(one) for one in playbook.follow] == [Wait, Send, Ask, Send, Send]
    assert playbook.follow[0] == Wait(name="a week", span=timedelta(days=7), unless=("line.delivered",))
    assert (playbook.after(None), playbook.after("go on"), playbook.after("gave up")) == ("a week", "gave up", "end")
    assert found.success is not None
    assert found.success.answer is False
    assert parse(found.text).playbook.silent().whom == playbook.whom


WRONG = {
    "an unknown field": (HEAD.replace("priority", "prioritty"), "`prioritty`", "`priority`"),
    "an unknown field of a step": (LADDER.replace("unless", "unles"), "`unles`", "`unless`"),
    "a question": (HEAD.replace("arrives_late", "arives_late"), "supply.arives_late", "supply.arrives_late"),
    "what wakes it": (HEAD.replace("supply.overdue", "supply.overdu"), "supply.overdu", "supply.overdue"),
    "a link": (HEAD.replace('party = "project"', 'party = "projekt"'), "projekt", "project"),
    "an event": (LADDER.replace("line.delivered", "line.deliverd"), "line.deliverd", "line.delivered"),
    "a word in a text": (HEAD.replace("{{ finding }}", "{{ findin }}"), "`findin`", "finding"),
    "an attribute in a text": (LADDER.replace("it.mode", "it.mod"), "`it.mod`", "mode"),
    "a place left open": (HEAD.replace("{{ finding }}", "{{ finding }"), "text", "{{ key }}"),
    "a condition": (HEAD + 'whom = "mod is Air"', "mod", "mode"),
    "a condition that never holds": (HEAD + 'whom = "value is Air"', "never", "number"),
    "a step that is not there": (LADDER.replace('then = "end"', 'then = "ned"'), "ned", "note"),
    "a circle": (LADDER.replace('then = "end"', 'then = "a week"'), "go round", "a week -> again"),
    "a step nothing leads to": (LADDER.replace('otherwise = "note"\n', ""), "nothing leads to", "note"),
    "a name that stands twice": (LADDER.replace('name = "note"', 'name = "again"'), "again", "twice"),
    "a step that is two": (LADDER.replace('wait = "7 days"', 'wait = "7 days"\nsend = "x"'), "one of", "wait, send"),
    "what says nothing of its step": (LADDER.replace('ask = "', 'unless = "a"\nask = "'), "`unless`", "otherwise"),
    "a sending without a channel": (
        LADDER.replace('given up."\nchannel = "paper"', 'given up."'), "speak to nobody", "channel",
    ),
    "no events": (LADDER.replace('unless = "line.delivered"', "unless = [7]"), "`unless`", "invoice.paid"),
    "a span": (LADDER.replace("7 days", "7 dayz"), "7 dayz", "Write 30d, 6h"),
    "a span of nothing": (LADDER.replace("7 days", "0 days"), "0 days", "3 days"),
    "a number": (HEAD + 'capacity = "many"', "`capacity`", "whole number"),
    "no room": (HEAD + "capacity = 0", "`capacity`", "at least 1"),
    "a choice that lacks": (HEAD.replace('channel = "paper", ', ""), "lacks `channel`", "channel"),
    "a default": (HEAD + 'by_default = "maybe"', "`by_default`", "drop, act"),
    "a table": (HEAD.replace("own.chase", "mine.chase"), "[mine]", "own."),
    "no TOML": ("[own.chase", "not TOML", "quotes"),
    "nothing": ("", "no playbook", "own.something"),
    "another kind's event": (HEAD.replace("supply.overdue", "order.placed"), "order.placed", "Known"),
    "money that is no number": (HEAD.replace("gains = 100", "gains = inf"), "money is a number", ""),
    "a name without end": (LADDER.replace('"note"', f'"{"n" * 101}"'), "cannot name", "100"),
    "steps without end": (
        HEAD + "".join(f"[[own.chase.follow]]\nname = 's{n}'\nwait = '1 days'\n" for n in range(101)), "101 steps", "",
    ),
    "costs below nothing": (HEAD.replace("cost = 1", "cost = -1"), "cost", "below 0"),
    "two choices of one name": (
        HEAD.replace("}]", '}, { name = "tell", channel = "paper", text = "x" }]'), "one name", "differently",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_what_does_not_fit_is_told(what: str) -> None:
    text, *told = WRONG[what]
    with pytest.raises(Invalid) as raised:
        parse(text)
    said = f"{raised.value.message} {raised.value.hint}"
    assert all(one in said for one in told), said


WICKED = (
    "{{ subject.__class__.__mro__ }}",
    "{{ it.__init__.__globals__ }}",
    "{% for _ in range(10**9) %}{% endfor %}",
    "{{ 9**(9**9) }}",
    "{{ key * 5000000000 }}",
    "{{ '{vendor}'.format(**links) }}",
    "{{ key | attr('x') }}",
    "{% set a = 1 %}{{ a }}",
)


def test_many_ways_to_one_end_are_walked_once() -> None:
    steps = "".join(
        f"[[own.chase.follow]]\nname = 's{n}'\nask = 'go on?'\notherwise = '{f's{n + 2}' if n < 97 else 'end'}'\n"
        for n in range(99)
    )
    assert len(parse(HEAD + steps).playbook.follow) == 99


def test_texts_say_what_is_known_and_nothing_of_the_process() -> None:
    text = (
        "{{ key }}: {{ worth | money }}, {{ probability | percent }}, {{ deadline | day }}, {{ finding }} {{ it.mode }}"
    )
    assert templates.read(text, {"mode"})(SITUATION) == "7: 1,234.50, 80%, 31 Jan 2020, unknown Air"
    for wicked in WICKED:
        with pytest.raises(Invalid):
            templates.read(wicked, {"mode", "__init__"})(SITUATION)
    with pytest.raises(Invalid, match="cannot be written about line/7"):
        templates.read("{{ reasons[7] }}", set())(SITUATION)


def test_what_is_unknown_meets_no_condition() -> None:
    def holds(*conditions: Where) -> bool:
        return meets(conditions, SITUATION)

    assert holds()
    assert holds(Where("mode", "is", "Air"), Where("value", "below", 1000.0), Where("probability", "above", 0.5))
    assert not holds(Where("mode", "is not", "Air"))
    assert not holds(Where("brand", "is not", "Air"))
    assert not holds(Where("mode", "above", 3.0))
    assert not meets([Where("worth", "above", 0.0)], replace(SITUATION, worth=None))
