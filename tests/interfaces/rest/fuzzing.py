"""The whole interface under made-up requests: Schemathesis makes them from the OpenAPI document and judges the answers.

Half of the requests keep to the document and half break it. Values in both are exchanged, now and then, for real ones
(names, ids and positions that the server has given), so that not all of them end at the first check.
"""

from __future__ import annotations

import math
import warnings
from collections import Counter
from collections.abc import Container, Iterator, MutableMapping
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import uuid4

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    ignored_auth,
    missing_required_header,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from sightline.interfaces.rest.once import LONGEST
from tests.interfaces.rest.realities import Realities

CHECKS: list[CheckFunction] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    missing_required_header,
    unsupported_method,
    allow_header_conformance,
    ignored_auth,
]

CONFIG = schemathesis.Config.from_dict(
    {"checks": {"negative_data_rejection": {"expected-statuses": [400, 401, 403, 404, 405, 409, 413, 415, 422, 429]}}}
)

REAL = 0.85
"""How often a value is exchanged for a real one, where there are some."""

PLACES = {
    "path": ("path_parameters", ParameterLocation.PATH),
    "query": ("query", ParameterLocation.QUERY),
    "headers": ("headers", ParameterLocation.HEADER),
    "body": ("body", ParameterLocation.BODY),
}
"""Where a value may stand, to what Schemathesis calls it."""

KEY = "Idempotency-Key"

ANSWER_SECONDS = 60.0

BEYOND = str(2**62 - 1)
"""A position no ledger has: a stream that is to go on behind it says `reload` and ends."""


@dataclass(slots=True)
class Tally:
    """What was sent as one role, and what was found wrong."""

    cases: Counter[str] = field(default_factory=Counter)
    """By operation."""
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    """By operation and status."""
    faults: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    """Operation and what is wrong, to how each case of it came about."""

    def wrong(self, operation: str, title: str, how: str) -> None:
        """Note a fault."""
        self.faults.setdefault((operation, title), []).append(how)

    def has_passed(self, operation: str) -> bool:
        """Whether anything of that operation was answered well."""
        return any(self.answers[operation, status] for status in (200, 201, 202, 204))


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """One role's way to the server."""

    url: str
    token: str | None
    real: Realities

    @property
    def headers(self) -> dict[str, str]:
        """What tells who is calling."""
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


@dataclass(slots=True)
class Attack:
    """Requests to all operations of a document as one role."""

    caller: Caller
    document: dict[str, Any]
    each: int
    """Requests to each operation, about: of values at the edge there may be fewer."""
    tally: Tally = field(default_factory=Tally)
    _session: requests.Session = field(default_factory=requests.Session)
    _chosen: Any = None
    """The document of answers from which `fields` has chosen: nothing in them is required."""

    def run(self, only: Container[str] = ()) -> Tally:
        """Send them, to all operations or only to these, and judge all answers."""
        schema: Any = schemathesis.openapi.from_dict(self.document, config=CONFIG)
        self._chosen = schemathesis.openapi.from_dict(without_required(self.document), config=CONFIG)
        with self._session, warnings.catch_warnings():
            # Patterns that Python reads otherwise than JavaScript are left out, and said so once for each.
            warnings.simplefilter("ignore")
            for found in schema.get_all_operations():
                operation = found.ok()
                name = operation.definition.raw["operationId"]
                if not only or name in only:
                    self._attack(schema, operation, name)
        return self.tally

    def _attack(self, schema: Any, operation: Any, name: str) -> None:
        self.caller.real.renew(name)
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            self._made_up(operation, name, mode)
        for number, case in enumerate(_edges(schema, operation)):
            if number >= self.each // 4:
                break
            self._send(case, name, Random(number))

    def _made_up(self, operation: Any, name: str, mode: GenerationMode) -> None:
        """Requests of one sort. Some operations take nothing that could be wrong: none then."""

        # The seed is the operation's own: leaving one out changes nothing for the others.
        @seed(f"{name} {mode.value}")
        @settings(
            max_examples=math.ceil(self.each * 3 / 8), database=None, deadline=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy(generation_mode=mode), dice=st.randoms(use_true_random=False))
        def one(case: Case[Any], dice: Random) -> None:
            self._send(case, name, dice)

        try:
            one()
        except Unsatisfiable:
            return

    def _send(self, case: Case[Any], name: str, dice: Random) -> None:
        exchange(case, name, dice, self.caller.real)
        self._session.cookies.clear()
        how = case.as_curl_command()
        self.tally.cases[name] += 1
        try:
            response = case.call(self.caller.url, self._session, self.caller.headers, timeout=ANSWER_SECONDS)
        except requests.RequestException as error:
            self.tally.wrong(name, f"no answer: {type(error).__name__}", f"{error}\n{how}")
            return
        try:
            self._judge(case, name, response)
        except FailureGroup as group:
            for one in group.exceptions:
                self.tally.wrong(
                    name, f"{one.title} ({response.status_code})", f"{one.message}\n{how}\n{response.text[:600]}"
                )
        self.tally.answers[name, response.status_code] += 1

    def _judge(self, case: Case[Any], name: str, response: Any) -> None:
        """Raises FailureGroup."""
        chosen = bool(case.query.get("fields")) and response.status_code == 200
        without = [response_schema_conformance] if chosen else []
        # Whether a caller is asked for is the operation's own: once seen, it is so.
        if self.tally.has_passed(name):
            without.append(ignored_auth)
        case.validate_response(response, checks=CHECKS, excluded_checks=without, headers=self.caller.headers)
        if chosen:
            self._chosen.find_operation_by_label(case.operation.label).validate_response(response)


def without_required(node: Any) -> Any:
    """A document in which no object needs any of its members."""
    if isinstance(node, dict):
        return {
            name: without_required(value)
            for name, value in node.items()
            if not (name == "required" and isinstance(value, list))
        }
    return [without_required(one) for one in node] if isinstance(node, list) else node


def _edges(schema: Any, operation: Any) -> Iterator[Case[Any]]:
    """Values at the edge of what is allowed, one after the other; other methods; what is needed left out."""
    modes = [GenerationMode.NEGATIVE, GenerationMode.POSITIVE]
    config = schema.config.generation_for(operation=operation, phase="coverage")
    found: Iterator[Case[Any]] = schema.iter_coverage_cases(operation, generation_modes=modes, generation_config=config)
    return found


def exchange(case: Case[Any], name: str, dice: Random, real: Realities) -> None:
    """Put real values in the place of made-up ones."""
    for place, members in real.of(name).items():
        name_there, location = PLACES[place]
        holds: Any = getattr(case, name_there)
        # What was made wrong on purpose stays so.
        if not isinstance(holds, MutableMapping) or (case.meta and case.meta.is_negative_at(location)):
            continue
        for member, values in members.items():
            # A path is whole or there is none.
            if not values or (place == "path" and member not in holds) or dice.random() > REAL:
                continue
            value = dice.choice(values)
            if value is not None:
                holds[member] = value
            else:
                holds.pop(member, None)
    if name == "get_stream":
        _ending(case)
    key = case.headers.get(KEY) if case.headers else None
    if isinstance(key, str) and key.isascii() and key.isprintable() and 0 < len(key) < LONGEST - 32:
        # A key belongs to one request; the edges of all operations try the same few.
        case.headers[KEY] = key.strip() + uuid4().hex


def _ending(case: Case[Any]) -> None:
    """A stream that is asked for in earnest does not end; let it be one that does."""
    case.query["after"] = BEYOND if _is_position(case.query.get("after")) else case.query["after"]
    if "last-event-id" in case.headers and _is_position(case.headers["last-event-id"]):
        case.headers["last-event-id"] = BEYOND


def _is_position(value: Any) -> bool:
    return value is None or not str(value) or str(value).strip().isdigit()
