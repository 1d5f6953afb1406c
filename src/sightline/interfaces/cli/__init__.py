"""The command line: translates words into calls of the front desk, and answers into tables, JSON or CSV."""

from sightline.interfaces.cli.app import Doors, build

__all__ = ["Doors", "build"]
