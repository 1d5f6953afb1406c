"""What a playbook would do, what was decided, what was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sightline.language.ref import Ref


class Verb(StrEnum):
    """What becomes of a proposal."""

    ACT = "act"
    """Done by itself, beyond a line that keeps the promise."""
    ASK = "ask"
    """Put to a person."""
    HOLD = "hold"
    """Kept back as control, so that the effect can be measured."""
    DROP = "drop"
    """Refused: it would cost more than it brings, or a guardrail said no."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """How a choice was made by lot, for the log: from it other ways of choosing are judged later."""

    choice: str
    propensity: float
    """The chance there was of this choice, above 0."""
    usual: str
    """What expected value alone would have chosen."""
    most: float
    """What that would bring, in money: whether anything is done, and for whom first, must not hang on the lot."""
    known: Mapping[str, float | str | bool] = field(default_factory=dict)
    """What was known before, by name."""
    choices: tuple[str, ...] = ()
    """All that its playbook had then, in the order of the alphabet: of any other nothing is told by this."""
    experiment: str | None = None
    """The experiment whose lot it was; None: what was learned, or is being learned."""
    shadow: str | None = None
    """What would have been chosen by what was learned, where that is not let loose."""
    learned: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """By choice, where something was learned by then: the chance it gives it, and the share of success it expects."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a playbook would do for one subject."""

    playbook: str
    choice: str
    subject: Ref
    party: Ref
    """Who would be contacted; the hold-out is drawn per party."""
    text: str
    """What would be said."""
    value: float
    """Expected value in money, cost already taken off."""
    question: str | None = None
    cutoff: datetime | None = None
    probability: float | None = None
    found_at: datetime | None = None
    """When the finding that woke it appeared, where a finding did."""
    event: str | None = None
    """The source and id of the event that woke it, where an event did."""
    channel: str = "paper"
    """The destination it would go to."""
    way: str = ""
    """Why it goes there, where it could go to another."""
    channel_propensity: float | None = None
    """The chance there was of that destination, where it could go to another."""
    unreached: str = ""
    """Why it would reach nobody, where none of several channels does."""
    worth: float | None = None
    """Money at stake."""
    reasons: tuple[str, ...] = ()
    """Why the forecast is what it is."""
    drawn: Drawn | None = None
    """Where the choice was made by lot."""

    @property
    def key(self) -> str:
        """One per playbook, subject and cutoff, finding or event.

        The choice is no part of it: a second thought must not become a second deed.
        """
        since = self.cutoff or self.found_at
        return f"{self.playbook}:{self.subject}:{since.isoformat() if since else self.event or ''}"

    @property
    def order(self) -> float:
        """The money by which it comes before others: the same whatever a lot has chosen."""
        return self.drawn.most if self.drawn else self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What becomes of one proposal, and why."""

    proposal: Proposal
    verb: Verb
    because: str
    arm: str
    """`treated` or `control`."""
    at: datetime
    facts: tuple[str, ...] = ()
    """What the figures of its text stand on."""
    strange: str | None = None
    """A figure of its text that is none of its facts: only a person may let it be said."""
    lasts: bool = False
    """Of a drop: whether it would be dropped for the same reason tomorrow, whatever tomorrow brings others."""

    @property
    def key(self) -> str:
        """Of its proposal: the idempotency key of whatever follows."""
        return self.proposal.key


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """What is known of whom an action is for while it is sent: in memory only, never kept."""

    ref: Ref | None = None
    """As it is kept: a person by a token."""
    attributes: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """Those that the destination asks for, in the clear."""
    known_as: frozenset[str] = field(default=frozenset(), repr=False)
    """Its reference, and the address that it is written to."""
    stopped: bool = False
    """Whether it is not to be contacted."""
    sent_today: int = 0
    """By the same destination, where that is counted."""
    under_way: int = 0
    """What others are just sending it by the same destination, where that is counted."""
    released: bool = False
    """Whether a person released this action."""


NOBODY = Party()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What somebody is asked, as it is told outside of the app: in memory only, while it is sent."""

    id: str
    workspace: str
    """Whose inbox it stands in."""
    state: str
    """As the inbox has it: `open`, `approved`, ..."""
    playbook: str
    choice: str
    """What would be done, in a word or two."""
    channel: str
    """The destination it would go to."""
    subject: str
    party: str
    """Whom it would be for."""
    text: str = field(repr=False)
    """The draft of what would be sent."""
    draft: str
    """What tells it from any other draft."""
    because: str
    """Why a person is asked."""
    reasons: tuple[str, ...] = ()
    probability: float | None = None
    value: float
    """Money it is expected to bring."""
    worth: float | None = None
    """Money at stake."""
    due_at: datetime
    by_default: str
    """What happens then where nobody answered: `drop` or `act`."""
    assignee: str | None = None
    ended_by: str | None = None
    why: str = ""
    """What whoever answered wrote to it."""
    message: str | None = None
    """What the channel called the message in which it was asked, where that is to be changed."""
    changes: bool = False
    """Whether that message is to be changed, for this has ended."""
    under_way: bool = False
    """Whether that message is still on its way."""

    @property
    def open(self) -> bool:
        """Whether an answer is still wanted."""
        return self.state in ("open", "snoozed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing to do in the outside world, once."""

    key: str
    """Idempotency key."""
    destination: str
    """Where it goes, by name."""
    to: Ref
    subject: Ref
    text: str

    id: str = ""
    """What others know it by: the same however often it is sent, and another in every workspace."""

    facts: tuple[str, ...] | None = None
    """What the figures of `text` stand on; None where its decision tells."""

    event: str | None = None
    """The type of the event that is told, whose body `text` is then; None: something is said to somebody."""

    party: Party = field(default=NOBODY, repr=False, compare=False)

    case: Case | None = field(default=None, repr=False, compare=False)
    """What is asked by it, where it asks somebody who works here; then it is for no party."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What is held to before anything is sent to a destination."""

    approve: bool = False
    """Whether a person must release each."""
    per_day: int | None = None
    """At most so many to one party, a day."""
    quiet: str | None = None
    """Hours without any, such as `20:00-08:00`, on the clock of whom it is for."""
    zone: str = "UTC"
    """Where days and quiet hours are told, of whom no `time_zone` is known."""
    consent: str | None = None
    """An attribute that must be true of whom it is for."""
    only: tuple[str, ...] = ()
    """Parties and addresses; nobody else is sent anything. None: everybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where actions go, and by which channel."""

    name: str
    channel: str
    address: str = ""
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """What is sent is signed with each, the newest first; several while one takes over from another. Of a mail server:
    the password of its user. Of a chat: its token, or the address that its messages are posted to; behind it what its
    own messages are signed with, the newest first.
    """
    reveal: bool = False
    """Whether it is told what stands behind the tokens of persons."""
    policy: Policy = Policy()
    answers_as: str | None = None
    """A user: whoever follows a link in what is asked there answers as this one. None: there are no such links."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The proof that an action was done once."""

    key: str
    channel: str
    at: datetime
    reference: str
    """What the channel calls it."""
    repeated: bool = False
    """Whether the channel had done it before under the same key."""
