"""What came of decisions: by which rows it is told."""

from __future__ import annotations

from sightline.language.playbook import Playbook

# The answer of the forecast. A finding or an event has no cutoff of its own: it is about the forecast that stood then.
_FORECAST = """sightline.outcomes o on o.tenant = d.tenant and o.question = d.question
  and o.kind = d.kind and o.key = d.subject and o.cutoff = coalesce(d.cutoff, (
    select max(n.cutoff) from sightline.outcomes n where n.tenant = d.tenant and n.question = d.question
      and n.kind = d.kind and n.key = d.subject and n.cutoff <= d.at))"""

# What came within the time after the decision; what came early counts with all others, once that has passed.
_WINDOW = "sightline.decision_outcomes o on o.tenant = d.tenant and o.key = d.key and not o.early"


def outcomes_of(playbook: Playbook | None) -> str:
    """What joins the outcomes `o` (answer, cutoff, probability, quantity, read_at) of its decisions `d`."""
    return _WINDOW if playbook is not None and playbook.window is not None else _FORECAST
