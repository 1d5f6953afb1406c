"""What counts as success in supply: a line that is not late after all."""

from sightline.language.playbook import Success
from sightline.packs.supply.act import WARN_BUYER

SUCCESSES = (Success(playbook=WARN_BUYER.name, answer=False),)
"""Chasing what is overdue has none: those lines are late already, so this question cannot tell whether it helped."""
