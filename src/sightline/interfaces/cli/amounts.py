"""Quantities in words: "about 12 days, 3 to 41"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

EXACT = 10.0
"""Below this a number is told with a decimal, from ten times this on with none and with commas."""


def number(value: float) -> str:
    """A number with as many digits as matter to people."""
    if abs(value) >= EXACT or float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= EXACT / 10 else f"{value:.2g}"


def amount(value: float, unit: str | None) -> str:
    """A number with its unit: currencies stand before it, other units behind; 1 day, 2 days."""
    if unit is None:
        return number(value)
    if is_currency(unit):
        return f"{unit} {value:,.0f}" if abs(value) >= EXACT * 10 else f"{unit} {value:,.2f}"
    return f"{number(value)} {unit.removesuffix('s') if number(value) == '1' else unit}"


def is_currency(unit: str) -> bool:
    """Whether a unit is written as ISO 4217 writes currencies."""
    return len(unit) == 3 and unit.isascii() and unit.isupper()


def said(one: Mapping[str, Any]) -> str:
    """What a prediction says, with its interval."""
    if one.get("quantity") is None:
        return f"{one['probability']:.0%} (80 % interval {one['low']:.0%} to {one['high']:.0%})"
    return f"about {amount(one['quantity'], one.get('unit'))}, {between(one)}"


def between(one: Mapping[str, Any]) -> str:
    """The interval of a quantity."""
    return f"{number(one['low'])} to {number(one['high'])}"


def came(one: Mapping[str, Any], yes: str = "yes", no: str = "no") -> str:
    """What a prediction came to."""
    outcome = one["outcome"]
    if one.get("quantity") is None:
        return yes if outcome else no
    told = amount(outcome, one.get("unit"))
    return f"not within {told}" if one.get("censored") else told
