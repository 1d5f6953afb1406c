"""The evidence that a model answers its question, from its back-test: figures, baselines, promise, assumptions."""

from sightline.kernel.predict.proof.assumed import assumptions
from sightline.kernel.predict.proof.judge import judge

__all__ = ["assumptions", "judge"]
