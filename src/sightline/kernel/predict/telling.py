"""What scoring tells the loop: first predictions, and those that crossed a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sightline.foundation.turn import Turn
from sightline.language import derived
from sightline.language.event import Event
from sightline.language.prediction import Prediction
from sightline.language.proof import Side, beyond
from sightline.language.ref import Ref

Asked = tuple[str, datetime]
"""A subject's key and its cutoff."""


def asked(prediction: Prediction) -> Asked:
    """Of whom it is, as of when."""
    return prediction.subject.key, prediction.cutoff


def told(
    turn: Turn, predictions: Sequence[Prediction], before: Mapping[Asked, float | None], sides: Sequence[Side]
) -> list[Event]:
    """Events of the first predictions, then of those that crossed a line. `before`: what was last said of each."""
    first = [one for one in predictions if asked(one) not in before]
    crossed = [
        one
        for one in predictions
        if asked(one) in before and _beyond(sides, before[asked(one)]) != _beyond(sides, one.probability)
    ]
    return [_told(derived.PREDICTED, p, turn) for p in first] + [_told(derived.CROSSED, p, turn) for p in crossed]


def _beyond(sides: Sequence[Side], probability: float | None) -> str | None:
    """A quantity has no line to cross."""
    return None if probability is None else beyond(sides, probability)


def _told(type_: str, prediction: Prediction, turn: Turn) -> Event:
    data: dict[str, Any] = {
        "question": prediction.question,
        "cutoff": prediction.cutoff.isoformat(),
        "deadline": prediction.deadline.isoformat(),
        "probability": prediction.probability,
        "quantity": prediction.quantity,
        "mean": prediction.mean,
        "low": prediction.low,
        "high": prediction.high,
        "worth": prediction.worth,
        "model": prediction.model,
    }
    name = f"{prediction.question}:{prediction.subject}:{prediction.cutoff.isoformat()}"
    return Event(
        id=f"predicted:{name}" if type_ == derived.PREDICTED else f"crossed:{name}:{turn.batch.last}",
        source=derived.SOURCE,
        type=type_,
        subject=prediction.subject,
        time=turn.now,
        known_at=turn.now,
        data=data,
    )


def run(turn: Turn, question: str, version: str, counts: Mapping[str, int]) -> list[Event]:
    """What a run amounted to, where it did anything."""
    if not any(counts.values()):
        return []
    event = Event(
        id=f"scored:{question}:{turn.batch.last}",
        source=derived.SOURCE,
        type=derived.SCORED,
        subject=Ref(derived.SELF, "questions"),
        time=turn.now,
        known_at=turn.now,
        data={"question": question, "model": version, **counts},
    )
    return [event]
