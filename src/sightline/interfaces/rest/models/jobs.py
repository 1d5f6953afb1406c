"""Long work."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sightline.foundation import jobs
from sightline.interfaces.rest import problems
from sightline.interfaces.rest.models.shape import Page, Problem, Shape

What = Literal["import", "undo", "replay", "train", "rehearse"]
State = Literal["waiting", "running", "done", "failed", "cancelled"]


class Job(Shape):
    """One piece of long work, and how far it is."""

    id: str
    what: What
    about: str
    """A file, a batch, a question, a playbook."""
    state: State
    done: int | None
    """Rows of an import, facts of an undo, rows of a replay, folds of a training."""
    of: int | None
    """Of `done`; null where nobody knows it before the end."""
    note: str
    result: dict[str, Any] | None
    """What came of it; of a cancelled or failed import what there is of it so far, to be undone or gone on with."""
    problem: Problem | None
    """Why it failed."""
    by: str
    made_at: datetime
    started_at: datetime | None
    ended_at: datetime | None

    @classmethod
    def told(cls, job: jobs.Job) -> Job:
        """A job as everybody is told of it."""
        return cls.model_validate(
            {
                **{name: getattr(job, name) for name in _SAME},
                "of": job.total,
                "by": job.made_by,
                "problem": job.problem and problems.document(f"/v1/jobs/{job.id}", **job.problem),
            }
        )


class Jobs(Page):
    """A page of jobs, newest first."""

    items = "jobs"

    jobs: list[Job]


_SAME = ("id", "what", "about", "state", "done", "note", "result", "made_at", "started_at", "ended_at")
