"""What counts as success with leads: one who subscribes."""

from sightline.language.playbook import Success
from sightline.packs.leads.act import FIRST_CONTACT

SUCCESSES = (Success(playbook=FIRST_CONTACT.name, answer=True),)
