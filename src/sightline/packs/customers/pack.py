"""The customers pack."""

from sightline.kernel.pack import Pack
from sightline.packs.customers.know import EVENTS, KINDS
from sightline.packs.customers.predict import QUESTIONS

PACK = Pack(name="customers", kinds=KINDS, events=EVENTS, questions=QUESTIONS)
