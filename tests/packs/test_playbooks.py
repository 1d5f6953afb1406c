"""What packs would do: every text can be written, of everybody of whom little is known too."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sightline.kernel.act.propose import expected
from sightline.language.playbook import Playbook, Situation, Wait
from sightline.language.ref import Ref
from sightline.main.installation import REGISTRY
from sightline.testing import make

CATALOG = REGISTRY.catalog()


def situations(playbook: Playbook) -> Iterator[Situation]:
    subject = Ref(CATALOG.questions[playbook.question].of, "7")
    yield Situation(subject=subject, now=make.day(1), deadline=make.day(30), probability=0.7)
    yield Situation(
        subject=subject, now=make.day(1), deadline=make.day(30), probability=0.7, worth=1_000.0, low=0.5, high=0.9,
        reasons=("It was so before.", "It is December."), finding="It is late.",
    )  # fmt: skip


@pytest.mark.parametrize("name", sorted(CATALOG.playbooks))
def test_every_text_can_be_written(name: str) -> None:
    playbook = CATALOG.playbooks[name]
    writers = [one.write for one in playbook.choices]
    writers += [one.write for one in playbook.follow if not isinstance(one, Wait)]
    for situation in situations(playbook):
        for write in writers:
            text = write(situation)
            assert text.strip()
            assert ".." not in text


def test_each_says_what_success_is() -> None:
    """So that every decision has an outcome, and what acting changed can be told."""
    assert set(CATALOG.successes) == set(CATALOG.playbooks)


@pytest.mark.parametrize("name", sorted(CATALOG.playbooks))
def test_a_dearer_choice_brings_more_where_more_is_at_stake(name: str) -> None:
    """Otherwise nobody would ever take it."""
    playbook = CATALOG.playbooks[name]
    dearest = max(playbook.choices, key=lambda one: one.cost)
    rich = Situation(subject=Ref("x", "1"), now=make.day(1), deadline=make.day(2), probability=1.0, worth=1e7)
    assert max(playbook.choices, key=lambda one: expected(one, rich)) is dearest
    assert expected(dearest, rich) > 0
