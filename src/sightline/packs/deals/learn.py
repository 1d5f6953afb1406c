"""What counts as success with deals: one that is won, within the time in which deals are decided."""

from sightline.language.playbook import Success
from sightline.packs.deals.act import STALLS

SUCCESSES = (Success(playbook=STALLS.name, answer=True),)
