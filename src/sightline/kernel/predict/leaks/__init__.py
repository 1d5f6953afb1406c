"""What a model must not see: features that know the answer, found before every training and named with the evidence."""

from sightline.kernel.predict.leaks.audit import UNMOVED, audit
from sightline.kernel.predict.leaks.strongest import audited
from sightline.kernel.predict.leaks.suspect import Audit, Suspect

__all__ = ["UNMOVED", "Audit", "Suspect", "audit", "audited"]
