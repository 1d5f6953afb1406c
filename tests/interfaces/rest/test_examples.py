"""The examples of the OpenAPI document speak of what the packs declare."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sightline.interfaces.rest import examples, examples_playbooks
from sightline.kernel.act import playbook_file
from sightline.kernel.predict.examples import Excluded
from sightline.kernel.predict.language import canonical, parse
from sightline.language.playbook import Situation
from sightline.language.ref import Ref
from sightline.language.time import end_of
from sightline.main.installation import REGISTRY

CATALOG = REGISTRY.catalog()
EVENTS = [examples.EVENT, examples.CORRECTION, *examples.ANSWERS["/v1/entities/{kind}/{key}"]["timeline"]]


def told(name: str) -> Iterator[Any]:
    """Whatever stands under that name, anywhere in the answers."""
    waiting: list[Any] = [examples.ANSWERS]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict) and name in node:
            yield node[name]
        waiting += node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()


def test_questions_are_declared_as_they_are_shown() -> None:
    for shown in examples.ANSWERS["/v1/questions"]["questions"]:
        declared = CATALOG.question(shown["name"])
        assert shown["line"] == canonical(declared) == canonical(parse(shown["line"], CATALOG.kinds, CATALOG.events))
        assert (shown["asks"], shown["of"]) == (declared.asks, declared.of)


def test_every_name_is_declared() -> None:
    assert set(told("question")) <= CATALOG.questions.keys()
    shown = playbook_file.parse(examples_playbooks.BODIES["POST /v1/playbooks"]["text"], CATALOG)
    assert set(told("playbook")) <= {*CATALOG.playbooks, *(one.playbook.name for one in shown)}
    assert set(told("detector")) <= CATALOG.detectors.keys()
    assert {reason for reasons in told("excluded") for reason in reasons} <= {one.value for one in Excluded}


def test_events_are_of_declared_types_and_tell_what_is_declared() -> None:
    kind = CATALOG.kinds["line"]
    for event in EVENTS:
        assert event["type"] in CATALOG.events
        assert event["data"].keys() - {"links"} <= {one.name for one in kind.attributes}
        assert event["data"]["links"].keys() <= {one.name for one in kind.links}


def test_findings_read_as_their_detectors_write_them() -> None:
    for shown in examples.ANSWERS["/v1/findings"]["findings"]:
        evidence, now = shown["evidence"], datetime.fromisoformat(shown["at"])
        found = CATALOG.detectors[shown["detector"]].look(
            Situation(
                subject=Ref.parse(shown["subject"]), now=now, deadline=end_of(evidence["promised_on"]),
                attributes={}, links={}, worth=evidence["value"],
            )
        )  # fmt: skip
        assert found is not None
        written = {"severity": found.severity.value, "text": found.text, "evidence": found.evidence}
        assert written == {name: shown[name] for name in written}
