"""Telco subscribers, one flat table, five-fold: `python -m benchmarks.answers subscribers`."""

from __future__ import annotations

import sys

from benchmarks.answers import race, real, versus
from benchmarks.answers.ours import ours
from benchmarks.answers.rows import Row, hand_over
from sightline.kernel.predict._spec import Group
from sightline.packs.customers.predict import LEAVES

NAME = "subscribers: leave"
DATA = "Telco churn (IBM, synthetic), 7,043 subscribers"


def rows() -> list[Row]:
    """Random parts, each answered by a model of the other four."""
    found = ours(LEAVES, real.facts("customers", "Telco"))
    attributes = race.plain(found, (Group.ATTRIBUTE,))
    peers = race.race(found, attributes, race.ALL)
    peers += race.race(found, attributes, ("FLAML",), seconds=found.wall)
    return [
        versus.chances(NAME, DATA, found, peers, short=0.003),
        versus.promise(NAME, DATA, found),
    ]


if __name__ == "__main__":
    sys.exit(hand_over(rows, NAME, DATA))
