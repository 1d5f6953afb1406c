"""Deals, which nothing known at engagement foretells: `python -m benchmarks.answers deals`."""

from __future__ import annotations

import sys

from benchmarks.answers import race, real, versus
from benchmarks.answers.ours import calibration, ours
from benchmarks.answers.rows import Row, hand_over
from sightline.packs.deals.predict import WINS

NAME = "deals: won"
DATA = "Maven CRM (fictitious, ships), 8,800 deals"


def rows() -> list[Row]:
    """The right answer is that there is none."""
    found = ours(WINS, real.facts("deals"))
    peers = race.race(found, race.plain(found), ("LightGBM",))
    low, high = found.proof["metrics"]["auc_interval"]
    verdict, own = found.proof["verdict"], race.auc(found, found.test.model.value)
    return [
        Row(
            name=NAME, data=DATA, split=found.split, seconds=race.seconds(found, peers),
            peers=f"LightGBM {race.auc(found, peers[0].said):.4f}",
            ours=f"verdict {verdict}; AUC {own:.4f} ({low:.3f} to {high:.3f}), {found.test.chosen.rung};"
                 f" {calibration(found)}",
            best=f"LightGBM {race.auc(found, peers[0].said):.4f}",
            difference=race.shown(race.difference(found, peers[0].said)),
            limit="verdict do_not_use; the interval of the AUC covers .5",
            held=verdict == "do_not_use" and low <= 0.5 <= high,
        ),
        versus.promise(NAME, DATA, found),
    ]  # fmt: skip


if __name__ == "__main__":
    sys.exit(hand_over(rows, NAME, DATA))
