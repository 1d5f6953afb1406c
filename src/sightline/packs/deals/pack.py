"""The deals pack."""

from sightline.kernel.pack import Pack
from sightline.packs.deals.act import PLAYBOOKS
from sightline.packs.deals.know import EVENTS, KINDS
from sightline.packs.deals.learn import SUCCESSES
from sightline.packs.deals.predict import QUESTIONS

PACK = Pack(name="deals", kinds=KINDS, events=EVENTS, questions=QUESTIONS, playbooks=PLAYBOOKS, successes=SUCCESSES)
