"""The features of a link, a pair of links or of everybody, from the sums of their group: `_linked._measures`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sightline.kernel.predict._linked import SHRINK
from sightline.kernel.predict._queries import SCALE
from sightline.kernel.predict.live._groups import Sums
from sightline.kernel.predict.live._members import PLACE
from sightline.kernel.predict.live._time import hours


@dataclass(frozen=True, slots=True)
class Linked:
    """One example in one group."""

    found: Sums
    cutoff: int
    siblings: int
    """Others of the group with the very same deadline asked by the cutoff."""
    chance: bool
    mine: bool
    """Whether it is itself open at its cutoff."""
    base: float | None
    """The share of yes (the mean answer) among all of late; None for the group of all."""

    def measures(self) -> Mapping[str, float | None]:
        """Every measure; None where it is unknown."""
        of = {name: int(self.found.sums[at]) for name, at in PLACE.items()}
        scale = 1.0 if self.chance else float(SCALE)
        turned = self.found.yes_at
        return {
            "n": of["n"], "n_90": of["n_90"], "n_365": of["n_365"], "siblings": self.siblings,
            "yes": of["yes"] / scale, "asked": of["asked"] - 1, "asked_lately": of["asked_lately"] - 1,
            "open": of["open"] - int(self.mine), "overdue": of["overdue"],
            "overdue_share": of["overdue_lately"] / of["due"] if of["due"] > 0 else None,
            "share": self._share(of["yes"] / scale, of["n"]),
            "share_90": self._share(of["yes_90"] / scale, of["n_90"]),
            "share_365": self._share(of["yes_365"] / scale, of["n_365"]),
            "since_yes": None if turned is None else hours(self.cutoff) - hours(turned),
            "delay": of["delay"] / of["delays"] if of["delays"] > 0 else None,
            **{f"yes_last_{k}": value / scale for k, value in self.found.last.items()},
        }  # fmt: skip

    def _share(self, yes: float, n: int) -> float | None:
        """Shares (means) of few are drawn toward the share among all of late."""
        if self.base is None and not self.chance:
            return yes / n if n > 0 else None
        if self.base is None:
            return (yes + 0.5) / (n + 1)
        return None if self.base != self.base else (yes + self.base * SHRINK) / (n + SHRINK)
