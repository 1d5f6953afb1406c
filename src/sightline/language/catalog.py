"""All that is declared for one tenant: what packs bring, and what the tenant's own imports and questions add."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sightline.language.errors import Conflict, NotFound
from sightline.language.kind import EventKind, Kind
from sightline.language.playbook import Detector, Playbook, Success
from sightline.language.question import Question, Total, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A question of the tenant's own that its declarations do not fit any more (an attribute was renamed)."""

    line: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """Declarations by name."""

    kinds: Mapping[str, Kind] = field(default_factory=dict)
    events: Mapping[str, EventKind] = field(default_factory=dict)
    questions: Mapping[str, Question] = field(default_factory=dict)
    detectors: Mapping[str, Detector] = field(default_factory=dict)
    playbooks: Mapping[str, Playbook] = field(default_factory=dict)
    successes: Mapping[str, Success] = field(default_factory=dict)
    broken: Mapping[str, Broken] = field(default_factory=dict)
    """Questions that cannot be asked any more, apart from those that can."""
    stopped: Mapping[str, str] = field(default_factory=dict)
    """Playbooks of the tenant's own that do not fit any more, and why."""

    def plain(self, question: Question) -> bool:
        """Whether what happened to the subjects themselves is all that the answer to a question needs."""
        answer = question.answer
        if isinstance(answer, Value | Total) or answer.where:
            return False
        event = self.events.get(answer.event)
        return event is None or event.of == question.of

    def can_be_overdue(self, question: Question) -> bool:
        """Whether an attribute names the day by which something is to have happened to a subject itself."""
        return question.deadline is not None and self.plain(question)

    def question(self, name: str) -> Question:
        """The question of that name. Raises NotFound with the nearest one, and Conflict where it is broken."""
        if name in self.broken:
            raise Conflict(
                f"'{name}' cannot be asked any more: {self.broken[name].reason}",
                hint=f"Ask it anew with --name {name}, or drop it: sightline questions --drop {name}",
            )
        if name not in self.questions:
            raise NotFound.named("question", name, self.questions, hint="`sightline questions` lists them.")
        return self.questions[name]

    def playbook(self, name: str) -> Playbook:
        """The playbook of that name. Raises NotFound with the nearest one, and Conflict where it fits no more."""
        if name in self.stopped:
            raise Conflict(f"'{name}' does nothing any more: {self.stopped[name]}")
        if name not in self.playbooks:
            hint = "`sightline playbook list` shows them."
            raise NotFound.named("playbook", name[:200], self.playbooks, hint=hint)
        return self.playbooks[name]
