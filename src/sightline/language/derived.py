"""The types of events that Sightline itself appends: what was predicted, found, decided, done, and then happened."""

from __future__ import annotations

from typing import Final

DAY_BEGAN: Final = "sightline.day.began"
"""A new day for the tenant: time alone can make a subject ripe for its question, or overdue."""

TRAINED: Final = "sightline.model.trained"
"""A champion was put on duty: its subjects want (new) predictions."""

PROMOTED: Final = "sightline.model.promoted"
"""A version that was kept was put on duty, or back there: what it says is wanted anew."""

PREDICTED: Final = "sightline.predicted"
"""The first prediction about a subject at a cutoff."""

CROSSED: Final = "sightline.crossed"
"""A prediction about a subject moved to the other side of a line that keeps the promise."""

SCORED: Final = "sightline.scored"
"""Everybody a question is open for was scored: one event for all of them."""

FOUND: Final = "sightline.found"
"""A finding appeared."""

DECIDED: Final = "sightline.decided"
"""What becomes of a proposal."""

ANSWERED: Final = "sightline.answered"
"""Somebody said yes or no to what they were asked, or nobody did in time."""

SNOOZED: Final = "sightline.snoozed"
"""Somebody put off what they were asked."""

DELEGATED: Final = "sightline.delegated"
"""What is asked was made somebody's, or nobody's in particular: by a user, or by a route (`route:` and its name)."""

DONE: Final = "sightline.done"
"""The receipt of an action."""

BROKEN: Final = "sightline.invariant.broken"
"""Something that must always be so is not."""

RANG: Final = "sightline.timer.rang"
"""A moment came that something waits for."""

SETTLED: Final = "sightline.settled"
"""The outcome of a prediction, or a correction of it."""

DECISION_SETTLED: Final = "sightline.decision.settled"
"""What came of a decision within the time that counts as its own, or a correction of that."""

RETRACTED: Final = "sightline.retracted"
"""An event that revises another into nothing."""

SET_ASIDE: Final = "sightline.set_aside"
"""Somebody set a prediction aside: seen, and not to be shown again at this cutoff."""

TAKEN_UP: Final = "sightline.taken_up"
"""What was set aside is to be looked at again."""

STOPPED: Final = "sightline.contact.stopped"
"""Somebody is not to be contacted any more."""

ALLOWED: Final = "sightline.contact.allowed"
"""Somebody may be contacted again."""

DEAD: Final = "sightline.dead"
"""What was to be sent could not be, and will not be tried again by itself."""

SWITCHED_OFF: Final = "sightline.destination.switched_off"
"""A destination that took nothing for days, or wants nothing more, was switched off."""

ALARMED: Final = "sightline.watch.alarmed"
"""A model on duty is beyond doubt not as it should be: its promise, what it says, or who is asked."""

LIFTED: Final = "sightline.watch.lifted"
"""Somebody took such an alarm back."""

BEGAN: Final = "sightline.experiment.began"
"""Choices of a playbook are drawn by lot from now on."""

CLOSED: Final = "sightline.experiment.closed"
"""Nobody is drawn any more; what was decided waits for its outcomes."""

ENDED: Final = "sightline.experiment.ended"
"""An experiment came to its end: decided, stopped by a guard or by somebody, or its time was over."""

ADOPTED: Final = "sightline.experiment.adopted"
"""Somebody made an arm of an experiment the usual choice of its playbook."""

GIVEN_UP: Final = "sightline.experiment.given_up"
"""Somebody took that back."""

LET_LOOSE: Final = "sightline.choosing.let_loose"
"""What was learned about which choice for whom was shown not to be worse, and chooses from now on."""

TAKEN_BACK: Final = "sightline.choosing.taken_back"
"""What was learned turned out worse, and chooses no more."""

ALL: Final = (
    DAY_BEGAN, TRAINED, PROMOTED, PREDICTED, CROSSED, SCORED, FOUND, DECIDED, ANSWERED, DONE, RANG, SETTLED,
    DECISION_SETTLED, SNOOZED, DELEGATED,
    BROKEN, RETRACTED, SET_ASIDE, TAKEN_UP, STOPPED, ALLOWED, DEAD, SWITCHED_OFF, ALARMED, LIFTED,
    BEGAN, CLOSED, ENDED, ADOPTED, GIVEN_UP, LET_LOOSE, TAKEN_BACK,
)  # fmt: skip

SOURCE: Final = "sightline"
"""Source of every derived event."""

ASKED: Final = "asked"
"""Kind of the receiver of what somebody who works here is asked in a chat; its key is that of the item."""

SELF: Final = "workspace"
"""Kind of the subject of events that concern the tenant as a whole."""
