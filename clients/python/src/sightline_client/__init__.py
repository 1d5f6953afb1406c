"""Client of Sightline's HTTP interface: typed, blocking (`Sightline`) and asynchronous (`AsyncSightline`)."""

from sightline_client._generated import models
from sightline_client.bridge import InProcess
from sightline_client.client import AsyncSightline, Sightline
from sightline_client.errors import (
    ApiError,
    BadRequest,
    Conflict,
    Forbidden,
    JobFailed,
    Misused,
    NotFound,
    ServerError,
    SightlineError,
    StillRunning,
    TimedOut,
    TooLarge,
    TooManyRequests,
    Unauthenticated,
    UnexpectedAnswer,
    Unprocessable,
    Unreachable,
)
from sightline_client.retries import Retries
from sightline_client.stream import Hello, JobChanged, News, Reload, Told

__all__ = [
    "ApiError",
    "AsyncSightline",
    "BadRequest",
    "Conflict",
    "Forbidden",
    "Hello",
    "InProcess",
    "JobChanged",
    "JobFailed",
    "Misused",
    "News",
    "NotFound",
    "Reload",
    "Retries",
    "ServerError",
    "Sightline",
    "SightlineError",
    "StillRunning",
    "TimedOut",
    "Told",
    "TooLarge",
    "TooManyRequests",
    "Unauthenticated",
    "UnexpectedAnswer",
    "Unprocessable",
    "Unreachable",
    "models",
]
