"""What we ourselves did to subjects between cutoff and deadline, so that success does not teach that risk is safe.

An example that was treated tells nothing of what happens by itself: it leaves training, calibration and the promise.
Those kept back though they were up for it stand for it: their weight is one over the chance of having been kept back
(inverse propensity, Horvitz and Thompson 1952). Whoever is kept back for one playbook is left alone by others that are
to change the same, so that one lot decides about all of them; lots about what is not protected from each other are
independent, and the chances of having been kept back by each of them multiply.

What counts is when it was done, not which prediction led to it: one action lies between cutoff and deadline of every
example of its subject that was open then, and a live prediction, asked at no cutoff of the grid, leads to one like any
other. Nor does it matter which question the prediction answered: a playbook that calls an answer to a question success
is declared to change it, and so changes the answers of all questions that wait for the same event (or attribute) of the
same kind of subject (`changing`). What merely informs, calling nothing success, changes none.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from sightline.foundation.db.session import Transaction
from sightline.kernel.predict.facts import INSTANT
from sightline.language.action import Verb
from sightline.language.catalog import Catalog
from sightline.language.question import Question, Value

MOST = 20.0
"""A weight is cut here, so that one example kept back by a small chance decides nothing alone."""

_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "key": pl.String,
    "at": INSTANT,
    "treated": pl.Boolean,
    "propensity": pl.Float64,
    "lot": pl.String,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """What was done, or left undone by lot, by subject and moment."""

    frame: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_SCHEMA))
    """key, at, treated (acted upon then), propensity (the chance there was of that; 0 of who was not kept back), lot
    (by which it was decided: of those of one name one stands for all).
    """

    def of(self, eligible: pl.DataFrame) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.float64]]:
        """Per eligible example: whether it was treated, and its weight.

        It was where anything was done from its cutoff to its deadline; a row of a flat table, whose answer has no
        deadline, where anything was done at all.
        """
        treated, weight = np.zeros(eligible.height, np.bool_), np.ones(eligible.height)
        if self.frame.is_empty():
            return treated, weight
        asked = eligible.select("cutoff", "deadline", "key").with_row_index("place")
        at, timeless = pl.col("at"), pl.col("deadline") == pl.col("cutoff")
        within = (at >= pl.col("cutoff")) & ((at <= pl.col("deadline")) | timeless)
        found = asked.join(self.frame, on="key").filter(within)
        lots = found.group_by("place", "lot").agg(pl.col("treated").any(), pl.col("propensity").max().fill_null(0.0))
        done = lots.group_by("place").agg(pl.col("treated").any(), (1 - pl.col("propensity")).product().alias("left"))
        places, acted = done["place"].to_numpy(), done["treated"].to_numpy()
        stands_for = np.minimum(1 / np.maximum(done["left"].to_numpy(), 1 / MOST), MOST)
        treated[places], weight[places] = acted, np.where(acted, 1.0, stands_for)
        return treated, weight


def changing(catalog: Catalog, question: Question) -> list[str]:
    """The playbooks that are to change the answer: those that call an answer to it success, or to another question that
    waits for the same of the same kind of subject.
    """
    successes = [catalog.playbooks[name] for name in catalog.successes if name in catalog.playbooks]
    asked = {playbook.name: catalog.questions.get(playbook.question) for playbook in successes}
    sought = (question.of, _awaited(question))
    return sorted(name for name, other in asked.items() if other and (other.of, _awaited(other)) == sought)


def _awaited(question: Question) -> str | None:
    """The event, or the attribute, that is waited for."""
    return question.answer.attribute if isinstance(question.answer, Value) else question.event


OF_ACTION = """(select o.key from sightline.decisions o where o.tenant = a.tenant and o.key = any (array(
    select array_to_string(parts[1:n], '#')
    from string_to_array(a.key, '#') parts, generate_series(1, cardinality(parts)) n))
  order by length(o.key) desc limit 1)"""
"""The key of the decision that an action `a` is of: its own key, or of a later step what goes before a #. A subject or
an event may have one in its own key, so it is the longest of all that are decisions. That is a guess where two share a
key: step `2` of a decision `d`, and a decision `d#2`, which it is then taken for.
"""

# By how the keys of its actions begin, which an index finds whatever else was done.
_DONE = f"""
with done as materialized (
  select {OF_ACTION} as decision, a.at from unnest(cast(:firsts as text[]), cast(:ends as text[])) p(low, high)
  join sightline.actions a on a.tenant = :t and a.key collate "C" >= p.low and a.key collate "C" < p.high)
select d.key as decision, d.subject as key, coalesce(a.at, d.at) as at, d.playbook, d.verb, d.probability,
  a.decision is not null as treated, d.question || case when d.cutoff is null then ' by facts' else '' end as lot
from sightline.decisions d left join done a on a.decision = d.key
where d.tenant = :t and d.playbook = any(:playbooks) and (d.question = :q or d.kind = :kind)
"""


def _keys_of(playbooks: Collection[str]) -> dict[str, list[str]]:
    """Between what the keys of the actions of these playbooks lie: each begins with its playbook and a colon."""
    named = sorted(set(playbooks))
    return {"firsts": [f"{name}:" for name in named], "ends": [f"{name};" for name in named]}


async def recorded(
    tx: Transaction, question: str, playbooks: Sequence[str], *, hold_out: float, kind: str | None = None
) -> Treatment:
    """What was decided and done about the subjects of a question by `playbooks`, those whose acting changes its answer.

    Those kept back count for the treated as far as they would have been: where the least probability that the playbook
    acted upon lies no higher than theirs, and wherever plain facts woke it. `hold_out`: the share (0 to 1) that is kept
    back, of all that are up for it.
    `kind`: of the subjects; with it what was decided for other questions about them counts too.
    """
    asked = {"t": tx.tenant, "q": question, "playbooks": list(playbooks), "kind": kind}
    rows = await tx.rows(_DONE, **asked, **_keys_of(playbooks))
    least: dict[str, float] = {}
    for row in rows:
        if row["treated"]:
            least[row["playbook"]] = min(_said(row), least.get(row["playbook"], math.inf))
    chances = {name: (1 - hold_out) * _done(rows, name, least[name]) for name in least}
    found = [
        (
            row["key"],
            row["at"],
            row["treated"],
            chances[row["playbook"]] if _kept_back(row, least) else 0.0,
            row["lot"],
        )
        for row in rows
    ]
    return Treatment(frame=pl.DataFrame(found, schema=_SCHEMA, orient="row"))


def _done(rows: Sequence[Any], playbook: str, least: float) -> float:
    """Of those who were up for it, were not kept back and lay high enough, the share that was really acted upon: a
    person may say no.
    """
    # A decision that led to several messages is told by as many rows.
    up = {
        row["decision"]: row["treated"]
        for row in rows
        if row["playbook"] == playbook and row["verb"] in {Verb.ACT.value, Verb.ASK.value} and _said(row) >= least
    }
    return sum(up.values()) / len(up) if up else 1.0


def _kept_back(row: Any, least: Mapping[str, float]) -> bool:
    return row["verb"] == Verb.HOLD.value and _said(row) >= least.get(row["playbook"], math.inf)


def _said(row: Any) -> float:
    """What was predicted; nothing lies below where no chance was: everybody whom facts speak of is up for it."""
    return -math.inf if row["probability"] is None else float(row["probability"])
