"""Bank leads in row order, without the call's duration: `python -m benchmarks.answers leads`."""

from __future__ import annotations

import sys

from benchmarks.answers import race, real, versus
from benchmarks.answers.ours import ours
from benchmarks.answers.rows import Row, hand_over
from sightline.kernel.predict._spec import Group
from sightline.kernel.predict.examples import examples
from sightline.kernel.predict.folds import Schedule
from sightline.packs.leads.predict import SUBSCRIBES

BLOCKS = 5
NAME = "leads: subscribes"
DATA = "bank marketing (UCI, real, ships), 41,188 calls"


def rows() -> list[Row]:
    """Expanding window over the last half of the rows, in five blocks of equal size."""
    known = real.facts("leads")
    cutoffs = examples(SUBSCRIBES, known).eligible["cutoff"].to_list()
    half = len(cutoffs) // 2
    starts = tuple(cutoffs[half + (len(cutoffs) - half) * block // BLOCKS] for block in range(BLOCKS))
    found = ours(SUBSCRIBES, known, Schedule(starts=starts))
    # Rows are dated by their place alone: the calendar made of it says nothing a peer would be given.
    attributes = race.plain(found, (Group.ATTRIBUTE,))
    peers = race.race(found, attributes, race.ALL)
    peers += race.race(found, attributes, ("FLAML",), seconds=found.wall)
    return [
        versus.chances(NAME, DATA, found, peers, short=0.01, error=0.06, note=versus.spread(found, peers)),
        versus.promise(NAME, DATA, found),
    ]


if __name__ == "__main__":
    sys.exit(hand_over(rows, NAME, DATA))
