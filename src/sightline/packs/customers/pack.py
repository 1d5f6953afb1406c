"""The customers pack."""

from sightline.kernel.pack import Pack
from sightline.packs.customers.act import PLAYBOOKS
from sightline.packs.customers.know import EVENTS, KINDS
from sightline.packs.customers.learn import SUCCESSES
from sightline.packs.customers.predict import QUESTIONS

PACK = Pack(name="customers", kinds=KINDS, events=EVENTS, questions=QUESTIONS, playbooks=PLAYBOOKS, successes=SUCCESSES)
