"""What counts as success in receivables: an invoice paid in time after all, or within the time that is given."""

from sightline.language.playbook import Success
from sightline.packs.receivables.act import FORESTALL, LADDER, RECOVER

SUCCESSES = tuple(Success(playbook=one.name, answer=False) for one in (FORESTALL, LADDER, RECOVER))
"""The ladder and the recovery speak of what is late already, or failed: there it counts whether it is paid within their
`attribution`.
"""
