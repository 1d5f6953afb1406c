"""Findings: pure detectors look at situations; what appears and what has passed is kept and told."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from sightline.foundation.turn import Turn
from sightline.kernel.know.situations import overdue
from sightline.language import derived
from sightline.language.event import Event
from sightline.language.finding import Finding
from sightline.language.playbook import Detector


async def detect(turn: Turn) -> None:
    """Let every detector look again, keep its findings, and tell of those that are new."""
    for detector in turn.catalog.detectors.values():
        question = turn.catalog.question(detector.question)
        kind = turn.catalog.kinds.get(question.of)
        found = await overdue(turn.tx, question, kind, turn.now) if turn.catalog.can_be_overdue(question) else []
        seen = [detector.look(situation) for situation in found]
        await _keep(turn, detector, [finding for finding in seen if finding])


async def _keep(turn: Turn, detector: Detector, findings: Sequence[Finding]) -> None:
    standing = await _standing(turn, detector)
    fresh = [f for f in findings if str(f.subject) not in standing]
    driver = await turn.tx.driver()
    await driver.execute(
        "insert into sightline.findings (tenant, detector, kind, key, severity, text, evidence, at)"
        " select $1, $2, k, key, s, x, e::jsonb, $8"
        " from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) as f(k, key, s, x, e)"
        " on conflict (tenant, detector, kind, key) do update set severity = excluded.severity, text = excluded.text,"
        " evidence = excluded.evidence, cleared_at = null",
        turn.tx.tenant,
        detector.name,
        [f.subject.kind for f in findings],
        [f.subject.key for f in findings],
        [f.severity.value for f in findings],
        [f.text for f in findings],
        [msgspec.json.encode(f.evidence).decode() for f in findings],
        turn.now,
    )
    gone = standing - {str(f.subject) for f in findings}
    await turn.tx.run(
        "update sightline.findings set cleared_at = :now where tenant = :t and detector = :d"
        " and cleared_at is null and kind || '/' || key = any(:gone)",
        now=turn.now, t=turn.tx.tenant, d=detector.name, gone=sorted(gone),
    )  # fmt: skip
    turn.record([_told(turn, finding) for finding in fresh])


async def _standing(turn: Turn, detector: Detector) -> set[str]:
    rows = await turn.tx.rows(
        "select kind || '/' || key as ref from sightline.findings"
        " where tenant = :t and detector = :d and cleared_at is null",
        t=turn.tx.tenant, d=detector.name,
    )  # fmt: skip
    return {row["ref"] for row in rows}


def _told(turn: Turn, finding: Finding) -> Event:
    return Event(
        id=f"found:{finding.detector}:{finding.subject}:{finding.at.isoformat()}",
        source=derived.SOURCE,
        type=derived.FOUND,
        subject=finding.subject,
        time=turn.now,
        known_at=turn.now,
        data={"detector": finding.detector, "severity": finding.severity.value, "text": finding.text},
    )
