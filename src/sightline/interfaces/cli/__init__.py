"""The command line: translates words into calls of the interface, and answers into tables, JSON or CSV."""

from sightline.interfaces.cli.app import build
from sightline.interfaces.cli.connection import Connection
from sightline.interfaces.cli.session import Doors

__all__ = ["Connection", "Doors", "build"]
