"""What counts as success in receivables: an invoice that is paid in time after all."""

from sightline.language.playbook import Success
from sightline.packs.receivables.act import FORESTALL

SUCCESSES = (Success(playbook=FORESTALL.name, answer=False),)
"""The ladder and the recovery have none: what they speak of is late already, or failed, and this question cannot tell
whether they helped."""
