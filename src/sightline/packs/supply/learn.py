"""What counts as success in supply: a line that is not late after all."""

from sightline.language.playbook import Success
from sightline.packs.supply.act import CHASE_OVERDUE, WARN_BUYER

SUCCESSES = (
    Success(playbook=WARN_BUYER.name, answer=False),
    Success(playbook=CHASE_OVERDUE.name, answer=False),
)
