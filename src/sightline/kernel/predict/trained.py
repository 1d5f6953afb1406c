"""A model version, as it is stored and as it speaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from threadpoolctl import threadpool_limits

from sightline.kernel.predict import models
from sightline.kernel.predict._matrix import Matrix
from sightline.kernel.predict.duty import Duty, Told
from sightline.kernel.predict.models.rung import Fitted, Task
from sightline.kernel.predict.spread import Recent
from sightline.language.errors import Unprovable
from sightline.language.proof import Proof

FORM = 3
"""Version of the model document; another form is not read."""

AGAIN = "Train the question again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """A model version, ready to be stored and to score."""

    question: str
    version: str
    document: dict[str, Any]
    """JSON-ready; `load` reads it back. Loading runs no code."""
    task: Task
    model: Fitted
    duty: Duty
    """Its calibration."""
    recent: Recent | None
    """What intervals of a chance are read from; None of a quantity."""
    proof: Proof | None = None
    """With `train`; None after `load`, since proofs are stored apart."""

    @classmethod
    def load(cls, document: dict[str, Any]) -> Trained:
        """The model of a stored document. Raises Unprovable when it is of another form, or damaged."""
        if document.get("form") != FORM:
            raise Unprovable(
                f"The model on file has form {document.get('form')!r}, this version reads {FORM}.", hint=AGAIN
            )
        try:
            return cls(
                question=document["question"],
                version=document["version"],
                document=document,
                task=Task(**document["task"]),
                model=models.read(document["model"]),
                duty=Duty.read(document["calibration"]),
                recent=Recent.read(document["recent"]) if document["recent"] is not None else None,
            )
        except (KeyError, TypeError, ValueError) as error:
            raise Unprovable(f"The model on file cannot be read ({error}).", hint=AGAIN) from None

    def tell(self, matrix: Matrix) -> Told:
        """What it tells of the subjects of `matrix`, calibrated."""
        with threadpool_limits(1):
            return self.duty(self.model.say(matrix))
