"""What counts as success in supply: a line that is not late after all, or one overdue that comes within a month."""

from sightline.language.playbook import Success
from sightline.packs.supply.act import CHASE_OVERDUE, WARN_BUYER

SUCCESSES = tuple(Success(playbook=one.name, answer=False) for one in (WARN_BUYER, CHASE_OVERDUE))
