"""The command line: translates words into calls of the front desk, and answers into tables, JSON or CSV."""

from sightline.interfaces.cli.app import build
from sightline.interfaces.cli.session import Doors

__all__ = ["Doors", "build"]
