"""Draw: which choice for whom, where it is not simply the one with the most expected value. Pure.

An experiment gives each party an arm for as long as it runs. A playbook that learns tries each choice with a small
chance for the while, and chooses by what it learned once that is shown not to be worse. Either way the chance there was
is logged. Whether a party is kept back is drawn apart from this, so that an experiment spoils no hold-out: whoever is
kept back has a choice that was meant for them, and none is made.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from sightline.kernel.act.lots import assigned, lot
from sightline.kernel.act.reaching import Reaching, Way
from sightline.kernel.predict.chooser import Chooser, floored, pick
from sightline.language.action import Drawn
from sightline.language.experiment import Experiment
from sightline.language.kind import Kind, Sort
from sightline.language.playbook import Choice, Playbook, Situation
from sightline.language.ref import Ref

TOLD = frozenset({Sort.NUMBER, Sort.CATEGORY, Sort.FLAG})
MOST_KNOWN = 20
"""Attributes that are logged with a decision, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """By what the choices of one playbook are drawn."""

    attributes: tuple[str, ...] = ()
    """Those that are known of its subjects, none of them personal."""
    experiment: Experiment | None = None
    """That runs."""
    id: str | None = None
    """Of the experiment."""
    chooser: Chooser | None = None
    """What was learned, where the playbook learns."""
    reaching: Reaching | None = None
    """By which channel whom, where a choice may go by several."""

    def draw(self, playbook: Playbook, situation: Situation, party: Ref, key: str) -> Drawn | None:
        """The choice for one party; `key` of the decision. None where nothing is drawn."""
        usual = best(playbook, situation)
        names = [one.name for one in playbook.choices]
        known = self._known(situation)
        drawn = Drawn(
            choice=usual.name, propensity=1.0, usual=usual.name, most=expected(usual, situation), known=known,
            choices=tuple(sorted(names)),
        )  # fmt: skip
        learned = self.chooser if self.chooser and list(self.chooser.beliefs) == names else None
        told = np.zeros(0)
        if learned is not None:
            told = learned.chances([known], costs_of(playbook.choices, situation)[None, :])[0]
            pairs = zip(told.tolist(), learned.expected([known])[0].tolist(), strict=True)
            drawn = replace(drawn, learned=dict(zip(names, pairs, strict=True)))
        if self.experiment is not None:
            arm = assigned(lots_of(playbook.name, self.experiment), party)
            return replace(drawn, choice=arm, propensity=self.experiment.share(arm), experiment=self.id)
        if playbook.choose != "learned" or len(names) == 1:
            return None
        luck = lot(f"{playbook.name}/choose", key)
        chances = floored(names.index(usual.name), len(names))
        if learned is None:
            return _picked(drawn, names, chances, luck)
        if learned.loose:
            return _picked(drawn, names, told, luck)
        return replace(_picked(drawn, names, chances, luck), shadow=names[pick(told, luck)])

    def way(self, playbook: Playbook, choice: Choice, party: Ref, key: str) -> Way | None:
        """By which channel a choice goes to one party; None where it goes by one alone."""
        return self.reaching.way(playbook.name, choice, party, key) if self.reaching else None

    def unreached(self, choices: Sequence[Choice], party: Ref) -> str:
        """Why nothing is said to a party by one of these choices, where nothing reaches it; else empty."""
        return self.reaching.unreached(choices, party) if self.reaching else ""

    def arms(self, playbook: Playbook) -> Sequence[Choice]:
        """The choices a lot may fall upon: the text of each must be there, and each must reach its party, lest who is
        spoken to hangs on the lot.
        """
        names = self.experiment.arms if self.experiment else [one.name for one in playbook.choices]
        return [one for one in playbook.choices if one.name in names]

    def _known(self, situation: Situation) -> dict[str, float | str | bool]:
        told: dict[str, float | str | bool | None] = {name: situation.attributes.get(name) for name in self.attributes}
        told |= {"probability": situation.probability, "quantity": situation.quantity, "worth": situation.worth}
        return {name: value for name, value in told.items() if value is not None and _tellable(value)}


def _picked(drawn: Drawn, names: Sequence[str], chances: npt.NDArray[np.float64], luck: float) -> Drawn:
    place = pick(chances, luck)
    return replace(drawn, choice=names[place], propensity=float(chances[place]))


def _tellable(value: float | str | bool) -> bool:
    return isinstance(value, str | bool) or math.isfinite(value)


def known_of(kind: Kind | None) -> tuple[str, ...]:
    """The attributes of a kind that a decision is logged with: numbers, classes and flags that are nobody's own."""
    declared = kind.attributes if kind else ()
    return tuple(sorted(one.name for one in declared if one.sort in TOLD and not one.personal)[:MOST_KNOWN])


def lots_of(playbook: str, experiment: Experiment) -> Experiment:
    """The same with the name that its lots are drawn under: unrelated to those of any hold-out or other experiment."""
    return replace(experiment, name=f"{playbook}/{experiment.name}")


def best(playbook: Playbook, situation: Situation) -> Choice:
    """The usual choice: the one that was adopted where it is expected to bring something, else the one with the most
    expected value, of equals the first.
    """
    for one in playbook.choices:
        if one.name == playbook.usual and expected(one, situation) > 0:
            return one
    return max(playbook.choices, key=lambda one: expected(one, situation))


def expected(choice: Choice, situation: Situation) -> float:
    """Money a choice is expected to bring, its cost taken off; what is no chance is taken for certain."""
    likely = 1.0 if situation.probability is None else situation.probability
    return likely * ((situation.worth or 0.0) * choice.saves + choice.gains) - choice.cost


def costs_of(choices: Sequence[Choice], situation: Situation) -> npt.NDArray[np.float64]:
    """(k,): what each choice costs, in successes of this party."""
    return costs_in_successes([one.cost for one in choices], stake(choices, situation.worth))


def stake(choices: Sequence[Choice], worth: float | None) -> float | None:
    """What a success is worth: the money at stake, or the most that a choice is said to bring; None: not known."""
    return worth if worth and worth > 0 else max((one.gains for one in choices), default=0.0) or None


def costs_in_successes(costs: Sequence[float], worth: float | None) -> npt.NDArray[np.float64]:
    """Costs over what a success is worth; where that is not known they cannot be weighed, and count nothing."""
    return np.array(costs, np.float64) / worth if worth and worth > 0 else np.zeros(len(costs))


NOTHING: Mapping[str, Drawing] = {}
"""By playbook: nothing is drawn."""
