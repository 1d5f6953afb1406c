"""The shapes of answers and of what is sent, as OpenAPI tells them. Times are UTC; money is in the question's currency.

By topic; whoever uses them says `models.Entity`, wherever it stands.
"""

from sightline.interfaces.rest.models.asking import Ask, Checked, Line, Suggested
from sightline.interfaces.rest.models.imports import (
    Batch,
    Column,
    File,
    Happened,
    ImportOf,
    Imports,
    Mapped,
    Misfit,
    Preview,
    Proposal,
)
from sightline.interfaces.rest.models.jobs import Job, Jobs, State
from sightline.interfaces.rest.models.knowledge import Entity, Finding, Findings, Occurrence
from sightline.interfaces.rest.models.operation import Live, Ready, Recorded, Status
from sightline.interfaces.rest.models.quarantine import Discard, Discarded, Held, HeldRow, Number, Quarantine, Replay
from sightline.interfaces.rest.models.questions import (
    Broken,
    Decision,
    Population,
    Prediction,
    Predictions,
    Proof,
    Question,
    Questions,
    Reason,
)
from sightline.interfaces.rest.models.shape import Id, Open, Page, Problem, Shape, Word

__all__ = [
    "Ask",
    "Batch",
    "Broken",
    "Checked",
    "Column",
    "Decision",
    "Discard",
    "Discarded",
    "Entity",
    "File",
    "Finding",
    "Findings",
    "Happened",
    "Held",
    "HeldRow",
    "Id",
    "ImportOf",
    "Imports",
    "Job",
    "Jobs",
    "Line",
    "Live",
    "Mapped",
    "Misfit",
    "Number",
    "Occurrence",
    "Open",
    "Page",
    "Population",
    "Prediction",
    "Predictions",
    "Preview",
    "Problem",
    "Proof",
    "Proposal",
    "Quarantine",
    "Question",
    "Questions",
    "Ready",
    "Reason",
    "Recorded",
    "Replay",
    "Shape",
    "State",
    "Status",
    "Suggested",
    "Word",
]
