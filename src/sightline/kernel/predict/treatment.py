"""What we ourselves did to subjects between cutoff and deadline, so that success does not teach that risk is safe.

An example that was treated tells nothing of what happens by itself: it leaves training, calibration and the promise.
Those kept back though they were up for it stand for it: their weight is one over the chance of having been kept back
(inverse propensity, Horvitz and Thompson 1952).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import polars as pl

from sightline.foundation.db.session import Transaction
from sightline.kernel.predict.facts import INSTANT
from sightline.language.action import Verb

MOST = 20.0
"""A weight is cut here, so that one example kept back by a small chance decides nothing alone."""

_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "key": pl.String,
    "cutoff": INSTANT,
    "treated": pl.Boolean,
    "propensity": pl.Float64,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """What was done, by example."""

    frame: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_SCHEMA))
    """key, cutoff, treated (acted upon before its deadline), propensity (the chance there was of that)."""

    def of(self, eligible: pl.DataFrame) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.float64]]:
        """Per eligible example: whether it was treated, and its weight."""
        if self.frame.is_empty():
            return np.zeros(eligible.height, np.bool_), np.ones(eligible.height)
        found = eligible.select("key", "cutoff").join(
            self.frame, on=["key", "cutoff"], how="left", maintain_order="left"
        )
        treated = found["treated"].fill_null(value=False).to_numpy()
        propensity = found["propensity"].fill_null(0.0).to_numpy()
        weight = np.minimum(1 / np.maximum(1 - propensity, 1 / MOST), MOST)
        return treated, np.where(treated, 1.0, weight)


_DONE = """
select d.subject as key, d.cutoff, d.verb, d.probability, a.key is not null as treated
from sightline.decisions d left join sightline.actions a on a.tenant = d.tenant and a.key = d.key
where d.tenant = :t and d.question = :q and d.playbook = any(:playbooks) and d.cutoff is not null
"""


async def recorded(tx: Transaction, question: str, playbooks: Sequence[str], *, hold_out: float) -> Treatment:
    """What was decided and done about the subjects of a question by `playbooks`, those whose acting changes its answer.

    Those kept back count for the treated as far as they would have been: where the least probability that was acted
    upon lies no higher than theirs. `hold_out`: the share (0 to 1) that is kept back, of all that are up for it.
    """
    rows = await tx.rows(_DONE, t=tx.tenant, q=question, playbooks=list(playbooks))
    acted = [row["probability"] for row in rows if row["treated"] and row["probability"] is not None]
    least = min(acted, default=None)
    found = [
        (
            row["key"],
            row["cutoff"],
            row["treated"],
            1 - hold_out if _kept_back(row["verb"], row["probability"], least) else 0.0,
        )
        for row in rows
    ]
    frame = pl.DataFrame(found, schema=_SCHEMA, orient="row")
    return Treatment(frame=frame.group_by("key", "cutoff").agg(pl.col("treated").any(), pl.col("propensity").max()))


def _kept_back(verb: str, probability: float | None, least: float | None) -> bool:
    return verb == Verb.HOLD.value and probability is not None and least is not None and probability >= least
