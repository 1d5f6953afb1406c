"""The leads pack."""

from sightline.kernel.pack import Pack
from sightline.packs.leads.act import PLAYBOOKS
from sightline.packs.leads.know import EVENTS, KINDS
from sightline.packs.leads.learn import SUCCESSES
from sightline.packs.leads.predict import QUESTIONS

PACK = Pack(name="leads", kinds=KINDS, events=EVENTS, questions=QUESTIONS, playbooks=PLAYBOOKS, successes=SUCCESSES)
