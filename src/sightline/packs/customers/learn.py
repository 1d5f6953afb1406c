"""What counts as success with customers: one who buys again."""

from sightline.language.playbook import Success
from sightline.packs.customers.act import SAVE

SUCCESSES = (Success(playbook=SAVE.name, answer=False),)
