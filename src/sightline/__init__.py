"""Sightline: a self-hosted intelligence layer for a business that sells to other businesses."""

__version__ = "0.1.0"
