"""Numbers as people write them: decimal commas, thousands, currency signs, percent, minus behind or brackets."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sightline.language.errors import Invalid

POINT = "1,234.56"
COMMA = "1.234,56"
STYLES = (POINT, COMMA)
"""How the number one thousand two hundred thirty-four and 56 hundredths is written; blanks and ' may part thousands."""

SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₽": "RUB", "R$": "BRL", "zł": "PLN", "₺": "TRY"}
_CODES = """
    AED ARS AUD BDT BGN BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP GHS HKD HUF IDR ILS INR ISK JPY KES
    KRW KWD LKR MAD MXN MYR NGN NOK NZD PEN PHP PKR PLN QAR RON RSD RUB SAR SEK SGD THB TND TRY TWD UAH
    UGX USD UYU VND XAF XOF ZAR ZMW
"""
CURRENCIES = frozenset(_CODES.split())
EXACT = 2**53
"""Above this a float no longer tells neighbouring whole numbers apart."""

_PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?")
_SIGN = r"(?:[$€£¥₹₽₺]|R\$|zł|[A-Z]{3})"
_SHAPE = {
    POINT: re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?:[ \u00a0\u202f']\d{3})+|\d+)(?:\.\d*)?|\.\d+"),
    COMMA: re.compile(r"(?:\d{1,3}(?:\.\d{3})+|\d{1,3}(?:[ \u00a0\u202f']\d{3})+|\d+)(?:,\d*)?|,\d+"),
}
_AROUND = re.compile(
    rf"(?P<open>\()?(?P<minus>[+-])?\s*(?P<before>{_SIGN})?\s*(?P<minus2>[+-])?"
    rf"(?P<body>[\d.,' \u00a0\u202f]*\d[.,]?)\s*(?P<after>{_SIGN}|%)?(?P<minus3>-)?(?(open)\))"
)
_DROP = {POINT: str.maketrans("", "", ", \u00a0\u202f'"), COMMA: str.maketrans(",", ".", ". \u00a0\u202f'")}


class NotANumber(ValueError):
    """The text is no number in that style."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the evidence of a column says about its numbers."""

    style: str
    share: float
    """Share of the values that are numbers."""
    unit: str | None = None
    """The currency or `%` that stands beside the numbers, when it is the same everywhere."""
    undecided: bool = False
    """Whether both styles read every value, with different results (`1,234`)."""


def check_style(style: str) -> str:
    """The style itself. Raises Invalid when it is none."""
    if style not in STYLES:
        raise Invalid(f"'{style}' is no number format.", hint=f"Write '{POINT}' or '{COMMA}'.")
    return style


def parser(style: str) -> Callable[[str], int | float]:
    """A function that reads one text, raising NotANumber. Raises Invalid for an unknown style."""
    check_style(style)
    # A lone point means thousands under the decimal comma (`1.234`), so the fast way is only for the other style.
    return _read_point if style == POINT else lambda text: _read_dressed(text, COMMA)[0]


def _read_point(text: str) -> int | float:
    if _PLAIN.fullmatch(text):
        return _value(text)
    return _read_dressed(text, POINT)[0]


def _value(text: str) -> int | float:
    if text.isdecimal() and len(text) <= 15:
        return int(text)
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise NotANumber
    return int(number) if "." not in text and "e" not in text.lower() and abs(number) < EXACT else number


def _read_dressed(text: str, style: str) -> tuple[int | float, str | None]:
    if style == COMMA and text.lstrip("+-").isdecimal():
        return _value(text), None
    match = _AROUND.fullmatch(text.strip())
    if not match:
        raise NotANumber
    body = match["body"].strip()
    if not _SHAPE[style].fullmatch(body):
        raise NotANumber
    unit = _unit(match["before"] or match["after"])
    number = _value(body.translate(_DROP[style]))
    signs = [sign for sign in (match["minus"], match["minus2"], match["minus3"], match["open"]) if sign]
    if len(signs) > 1:
        raise NotANumber
    return (number if not signs or signs == ["+"] else -number), unit


def _unit(text: str | None) -> str | None:
    if text is None or text == "%":
        return text
    if text not in SIGNS and text not in CURRENCIES:
        raise NotANumber
    return SIGNS.get(text, text)


def detect(values: Sequence[str]) -> Found | None:
    """The style that most of the values follow; None when none is a number, or when they are codes (`007`).

    `values`: distinct non-empty texts of one column.
    """
    if any(_is_code(text) for text in values):
        return None
    read = {style: _read_all(values, style) for style in STYLES}
    best = max(STYLES, key=lambda s: len(read[s]))
    if not read[best]:
        return None
    point, comma = read[POINT], read[COMMA]
    differ = any(point[t][0] != comma[t][0] for t in point.keys() & comma.keys())
    units = {unit for _, unit in read[best].values()}
    return Found(
        style=best,
        share=len(read[best]) / len(values),
        unit=next(iter(units)) if len(units) == 1 else None,
        undecided=differ and len(point) == len(comma) and any("," in t for t in point),
    )


def _is_code(text: str) -> bool:
    return len(text) > 1 and text[0] == "0" and text.isdecimal()


def _read_all(values: Sequence[str], style: str) -> dict[str, tuple[int | float, str | None]]:
    found: dict[str, tuple[int | float, str | None]] = {}
    for text in values:
        try:
            plain = style == POINT and _PLAIN.fullmatch(text)
            found[text] = (_value(text), None) if plain else _read_dressed(text, style)
        except NotANumber:
            continue
    return found
