"""The receivables pack."""

from sightline.kernel.pack import Pack
from sightline.packs.receivables.act import PLAYBOOKS
from sightline.packs.receivables.know import EVENTS, KINDS
from sightline.packs.receivables.learn import SUCCESSES
from sightline.packs.receivables.predict import QUESTIONS
from sightline.packs.receivables.reason import DETECTORS

PACK = Pack(
    name="receivables",
    kinds=KINDS,
    events=EVENTS,
    questions=QUESTIONS,
    detectors=DETECTORS,
    playbooks=PLAYBOOKS,
    successes=SUCCESSES,
)
