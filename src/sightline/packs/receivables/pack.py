"""The receivables pack."""

from sightline.kernel.pack import Pack
from sightline.packs.receivables.know import EVENTS, KINDS
from sightline.packs.receivables.predict import QUESTIONS

PACK = Pack(name="receivables", kinds=KINDS, events=EVENTS, questions=QUESTIONS)
