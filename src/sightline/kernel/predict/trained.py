"""A model version, as it is stored and as it speaks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from threadpoolctl import threadpool_limits

from sightline.kernel.predict import models
from sightline.kernel.predict._matrix import Matrix
from sightline.kernel.predict.duty import Duty, Told
from sightline.kernel.predict.models.rung import Fitted, Task
from sightline.kernel.predict.spread import Recent
from sightline.kernel.predict.windows import Reference
from sightline.language.errors import Unprovable
from sightline.language.proof import Proof

FORM = 4
"""Version of the model document; another form is not read."""

DIGEST = "digest"
"""The member that tells whether the others are as they were written."""

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
    reference: Reference | None = None
    """With `train`: what those it learned from looked like, where that can be told. Stored apart too."""

    @classmethod
    def load(cls, document: dict[str, Any]) -> Trained:
        """The model of a stored document. Raises Unprovable when it is of another form, or damaged."""
        if document.get("form") != FORM:
            raise Unprovable(
                f"The model on file has form {document.get('form')!r}, this version reads {FORM}.", hint=AGAIN
            )
        if document.get(DIGEST) != digest(document):
            raise Unprovable("The model on file cannot be read (it is not as it was written).", hint=AGAIN)
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


def digest(document: Mapping[str, Any]) -> str:
    """Of all that a document says, whatever the order of its members and the way its numbers are written: a database
    that keeps JSON writes both anew.
    """
    said = {name: value for name, value in document.items() if name != DIGEST}
    return hashlib.sha256(json.dumps(_plain(said), sort_keys=True).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        # Whole numbers and others are the same numbers there, and there is no zero below zero.
        return float(value) + 0.0
    return value
