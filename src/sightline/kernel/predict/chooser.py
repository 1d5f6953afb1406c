"""A chooser: what was learned about which choice for whom, as it is kept, and the chances it gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sightline.kernel.predict.choosing import FLOOR, Belief, propensities
from sightline.kernel.predict.contexts import Known, Sheet

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chooser:
    """Beliefs about the success that each choice of a playbook brings."""

    sheet: Sheet
    beliefs: Mapping[str, Belief]
    loose: bool = False
    """Whether it chooses; otherwise it only says what it would have chosen."""
    version: int = 0

    def chances(self, known: Sequence[Known], costs: Floats) -> Floats:
        """(n, k): the chance of each choice for so many parties.

        Args: `costs` (n, k) of one use of each choice, in successes: what it costs, over what a success of this party
        is worth.
        """
        beliefs = list(self.beliefs.values())
        return propensities(beliefs, self.sheet.rows(known), costs=costs, floor=floor_of(len(beliefs)))

    def expected(self, known: Sequence[Known]) -> Floats:
        """(n, k): the share of success that each choice brings so many parties."""
        rows = self.sheet.rows(known)
        return np.column_stack([belief.of(rows)[0] for belief in self.beliefs.values()])

    def told(self) -> dict[str, Any]:
        """As JSON; a list, since objects may come back in another order."""
        beliefs = [
            {
                "choice": name, "precision": one.precision.tolist(), "weighted": one.weighted.tolist(),
                "shape": one.shape, "rest": one.rest,
            }
            for name, one in self.beliefs.items()
        ]  # fmt: skip
        return {"sheet": self.sheet.told(), "beliefs": beliefs}

    @classmethod
    def read(cls, told: Mapping[str, Any], *, loose: bool, version: int) -> Chooser:
        """Back from JSON."""
        beliefs = {
            one["choice"]: Belief(
                precision=np.array(one["precision"], np.float64), weighted=np.array(one["weighted"], np.float64),
                shape=one["shape"], rest=one["rest"],
            )
            for one in told["beliefs"]
        }  # fmt: skip
        return cls(sheet=Sheet.read(told["sheet"]), beliefs=beliefs, loose=loose, version=version)

    @classmethod
    def fitted(
        cls, choices: Sequence[str], known: Sequence[Known], chosen: npt.NDArray[np.intp], hits: Floats
    ) -> Chooser:
        """Learned from n decisions: what was known, the place of what was chosen (n,), whether it was a success (n,).

        Each choice begins with what all of them brought together, as if one party had been seen: what was tried seldom
        is then taken to be like the others, and not to bring nothing.
        """
        sheet = Sheet.of(known)
        rows = sheet.rows(known)
        share = float(hits.mean()) if len(hits) else 0.0
        beliefs = {}
        for place, name in enumerate(choices):
            own = chosen == place
            beliefs[name] = _prior(sheet.width, share).seen(rows[own], hits[own])
        return cls(sheet=sheet, beliefs=beliefs)


def _prior(width: int, share: float) -> Belief:
    """Centred on a constant share of success."""
    flat = Belief.prior(width)
    centre = np.zeros(width)
    centre[0] = share
    weighted = flat.precision @ centre
    return Belief(
        precision=flat.precision, weighted=weighted, shape=flat.shape, rest=flat.rest + float(weighted @ centre) / 2
    )


def floor_of(choices: int) -> float:
    """The least chance of each of so many choices: the floor of exploration, or half an equal share."""
    return min(FLOOR, 0.5 / choices)


def floored(place: int, choices: int) -> Floats:
    """(k,): one choice nearly always, each other with the floor."""
    floor = floor_of(choices)
    chances = np.full(choices, floor)
    chances[place] = 1 - floor * (choices - 1)
    return chances


def pick(chances: Floats, lot: float) -> int:
    """The place that a lot between 0 and 1 falls upon: the same lot, the same choice."""
    return min(int(np.searchsorted(np.cumsum(chances), lot, side="right")), len(chances) - 1)
