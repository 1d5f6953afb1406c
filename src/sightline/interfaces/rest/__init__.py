"""The HTTP interface under `/v1`: it translates requests to the front desk and answers back, and decides nothing."""

from sightline.interfaces.rest.app import Rest, build, document
from sightline.interfaces.rest.hub import Hub

__all__ = ["Hub", "Rest", "build", "document"]
