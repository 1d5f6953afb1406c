"""The supply pack."""

from sightline.kernel.pack import Pack
from sightline.packs.supply.act import PLAYBOOKS
from sightline.packs.supply.know import EVENTS, KINDS
from sightline.packs.supply.learn import SUCCESSES
from sightline.packs.supply.predict import QUESTIONS
from sightline.packs.supply.reason import DETECTORS

PACK = Pack(
    name="supply",
    kinds=KINDS,
    events=EVENTS,
    questions=QUESTIONS,
    detectors=DETECTORS,
    playbooks=PLAYBOOKS,
    successes=SUCCESSES,
)
