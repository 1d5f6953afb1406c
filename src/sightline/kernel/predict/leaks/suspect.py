"""What an audit says: who is suspected, of what, on which evidence, and what is left out of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """The tests, by the name a document carries."""

    ALONE = "too good alone"
    PRESENCE = "presence tells"
    CERTAIN = "makes certain"
    LIFT = "too much beside the rest"
    MOMENT = "names a later moment"
    OPEN = "not there while open"
    CHANGES = "changes with the answer"
    LATER = "follows a later link"
    AVERAGE = "average of answers"
    ERA = "carries time"
    TWINS = "twins across the split"


CONCLUSIONS = {
    Kind.MOMENT: "it is that moment, written down afterwards",
    Kind.OPEN: "it looks filled in afterwards",
    Kind.CHANGES: "what is on file of the older ones is what was known afterwards",
    Kind.LATER: "it looks filled in together with that, afterwards",
    Kind.AVERAGE: "it looks like an average that includes answers not in yet",
    Kind.ERA: "it numbers the time, so that a model could learn eras by heart",
    Kind.TWINS: "the proof would count as foresight what was learned by heart",
    Kind.PRESENCE: "it looks filled in afterwards",
    Kind.ALONE: "that is more often written afterwards than discovered",
    Kind.CERTAIN: "it looks like a trace of the answer",
    Kind.LIFT: "nothing dates it, and so much is more often written afterwards than known in time",
}
"""What each kind of evidence suggests; the first that applies is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One test that one attribute, link or event failed."""

    test: Kind
    clause: str
    """What is the case, to stand behind its name: "alone tells the answer (AUC 1.000)"."""
    figures: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """An attribute, a link or an event that seems to know the answer."""

    what: str
    """Its name; of another kind than the subject's `kind.name`."""
    features: tuple[str, ...]
    """All features that read it; none where there is nothing to leave out (twins)."""
    findings: tuple[Finding, ...]
    """The plainest first."""
    admitted: str | None = None
    """The recorded reason for which it is used nevertheless."""

    @property
    def test(self) -> str:
        """The test that speaks loudest."""
        return self.findings[0].test.value

    @property
    def figures(self) -> dict[str, float]:
        """Of all its findings, together."""
        return {name: value for one in reversed(self.findings) for name, value in one.figures.items()}

    @property
    def evidence(self) -> str:
        """One sentence for people."""
        clauses = ", and ".join(one.clause for one in self.findings)
        return f"`{self.what}` {clauses}: {CONCLUSIONS[self.findings[0].test]}."

    def document(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "what": self.what,
            "features": list(self.features),
            "evidence": self.evidence,
            "test": self.test,
            "tests": [one.test.value for one in self.findings],
            "figures": self.figures,
            "admitted": self.admitted,
        }

    @classmethod
    def of(cls, what: str, features: Sequence[str], findings: Sequence[Finding], admitted: str | None) -> Suspect:
        """With its findings in the order of `CONCLUSIONS`."""
        order = list(CONCLUSIONS)
        ordered = sorted(findings, key=lambda one: order.index(one.test))
        return cls(what=what, features=tuple(features), findings=tuple(ordered), admitted=admitted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What was found before a training."""

    checked: int
    """Features looked at."""
    examples: int
    """Answered examples that were looked at, all of them from before the judged part."""
    suspects: tuple[Suspect, ...]
    strongest: tuple[tuple[str, float], ...] = field(default=())
    """The features that tell most alone, suspected or not, with their AUC (of a quantity the rank correlation)."""

    @property
    def left_out(self) -> frozenset[str]:
        """The names of the features no model may see."""
        return frozenset(name for one in self.suspects if one.admitted is None for name in one.features)

    def document(self) -> dict[str, Any]:
        """JSON-ready, for the proof."""
        return {
            "checked": self.checked,
            "examples": self.examples,
            "suspects": [one.document() for one in self.suspects],
            "left_out": sorted(self.left_out),
            "strongest": [{"feature": name, "strength": value} for name, value in self.strongest],
        }
