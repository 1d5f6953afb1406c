"""What an installation tells about itself: logs without secrets on standard error, and figures for Prometheus."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from sightline.foundation.settings import LogSettings

_SECRETS = (
    (re.compile(r"\b(sl[tsc])_[\w-]{8,}"), r"\1_***"),
    (re.compile(r"\b(xox[a-z])-[\w-]{8,}"), r"\1-***"),
    (re.compile(r"(/services/\w+/\w+/|/answer/|/unsubscribe/|/chat/slack/|[?&]sig=)[\w%.-]{8,}"), r"\1***"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]+"), r"\1 ***"),
    (re.compile(r"://([^\s:/@]*):[^\s@]*@"), r"://\1:***@"),
    (re.compile(r"(?i)(password|passwd|secret|master_key)(['\"]?\s*[=:]\s*['\"]?)[^\s'\",;]+"), r"\1\2***"),
)
"""Access tokens, sessions, one-time codes; tokens of Slack; addresses that are secrets, and links that answer;
authorization headers, passwords in URLs and in assignments.
"""

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


def redacted(text: str) -> str:
    """The same text without anything that looks like a secret."""
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


def configure(settings: LogSettings) -> None:
    """Write logs to standard error in the form the settings name. Calling it again replaces what was set."""
    import structlog

    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Any] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if settings.form == "json"
        else [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last, _redact],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.level.upper())


def _redact(_logger: Any, _method: str, line: str | MutableMapping[str, Any]) -> str:
    return redacted(str(line))


class Telemetry:
    """The figures of one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.recorded = Counter("sightline_events_recorded", "Events recorded over HTTP.", registry=self.registry)
        self.repeated = Counter("sightline_events_repeated", "Events that were known.", registry=self.registry)
        self._requests = Histogram(
            "sightline_request_seconds", "How long requests took.", ("route", "method", "status"),
            buckets=BUCKETS, registry=self.registry,
        )  # fmt: skip
        self._turns = Histogram(
            "sightline_turn_seconds", "How long the turns of consumers took.", ("consumer", "end"),
            buckets=BUCKETS, registry=self.registry,
        )  # fmt: skip
        self.loop_lag = Gauge(
            "sightline_loop_lag_seconds", "How late the event loop last woke up.", registry=self.registry
        )
        self.streams = Gauge("sightline_streams", "Live streams that are open.", registry=self.registry)
        self.streamed = Counter("sightline_stream_messages", "Messages to live streams.", registry=self.registry)
        self.dropped = Counter(
            "sightline_streams_dropped", "Live streams that read too slowly.", registry=self.registry
        )
        self._linked = Gauge(
            "sightline_linked_waiting", "Linked subjects that wait to be scored anew.", registry=self.registry
        )
        self._linked_lag = Gauge(
            "sightline_linked_lag_seconds", "How long the one of them does that waits longest.", registry=self.registry
        )
        self._children: dict[tuple[str, str, int], Any] = {}

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one request under the route's template, never under the path that was asked for."""
        key = (route, method, status)
        child = self._children.get(key)
        if child is None:
            child = self._children[key] = self._requests.labels(route, method, str(status))
        child.observe(seconds)

    def turn(self, consumer: str, seconds: float, *, end: str) -> None:
        """Count one turn of a consumer; `end` is `done`, `idle` or `failed`."""
        self._turns.labels(consumer, end).observe(seconds)

    def linked(self, waiting: int, seconds: float) -> None:
        """Tell how many linked subjects wait, and for how long."""
        self._linked.set(waiting)
        self._linked_lag.set(seconds)

    def text(self) -> bytes:
        """Everything in the text format of Prometheus."""
        return generate_latest(self.registry)


def workspace_text(workspace: str, *, lags: dict[str, int], staged: int, quarantined: int) -> bytes:
    """The figures of one workspace, in the same format; made anew for each reader, who may see only that one."""
    registry = CollectorRegistry()
    lag = Gauge(
        "sightline_consumer_lag", "Positions a consumer is behind.", ("workspace", "consumer"), registry=registry
    )
    for consumer, behind in lags.items():
        lag.labels(workspace, consumer).set(behind)
    for name, words, value in (
        ("sightline_staged_events", "Events that wait for the day they become known.", staged),
        ("sightline_quarantined_rows", "Rows that wait to be mended.", quarantined),
    ):
        Gauge(name, words, ("workspace",), registry=registry).labels(workspace).set(value)
    return generate_latest(registry)
