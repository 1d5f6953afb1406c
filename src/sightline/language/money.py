"""An amount in a currency."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from sightline.language.errors import Invalid

CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class Money:
    """`Money(Decimal("12.50"), "USD")`: never a float, never without its currency."""

    amount: Decimal
    currency: str
    """ISO 4217, three capital letters."""

    def __post_init__(self) -> None:
        if not CURRENCY.fullmatch(self.currency):
            raise Invalid(f"'{self.currency}' is no currency.", hint="Write an ISO 4217 code such as USD.")

    def __add__(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise Invalid(f"Cannot add {other.currency} to {self.currency}.", hint="Convert one of them first.")
        return Money(self.amount + other.amount, self.currency)

    def __str__(self) -> str:
        return f"{self.amount:,.0f} {self.currency}"
