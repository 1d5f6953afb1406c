"""What a sample of rows says about each column, before anything is decided."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sightline.kernel.observe import dates, numbers
from sightline.kernel.observe.mapping import as_name
from sightline.kernel.observe.rows import NO, YES
from sightline.kernel.observe.words import Words
from sightline.language.kind import Sort

TESTED = 2_000
"""Distinct values per column that dates and numbers are looked for in."""

TYPED = 0.2
"""Share of the filled cells that must be dates (or numbers) for the rest to be taken for words that mean nothing."""

ALONE = 20
"""Different values among which a word that stands there once is a slip."""

SHAPES = 12
"""Different shapes of words beside dates or numbers; with more, the column holds free text."""

LONG = 40
"""Mean characters from which an unrepeated text is a text, not a category."""

_DIGITS = re.compile(r"\d+")
_BRACKET = re.compile(r"\s*[(\[]([^)\]]{1,12})[)\]]\s*")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One column of the sample."""

    column: str
    words: tuple[str, ...]
    """The words of its header, brackets left out."""
    bracket: str
    """What the header says in brackets: a unit or a currency."""
    counts: Counter[str]
    """Each filled cell's text and how often it stands there, words that mean nothing left out."""
    rows: int
    sort: Sort
    sentinels: tuple[str, ...] = ()
    """Words (with `*` for digits) that mean nothing here."""
    day: dates.Found | None = None
    number: numbers.Found | None = None
    odd: tuple[str, ...] = ()
    """Values that are neither of the column's sort nor words: rows holding them will be set aside."""

    @property
    def name(self) -> str:
        """The header as a name, without its unit."""
        return as_name(" ".join(self.words)) if self.words else as_name(self.column)

    @property
    def filled(self) -> int:
        """Rows that say something."""
        return self.counts.total()

    @property
    def distinct(self) -> int:
        """Different values."""
        return len(self.counts)

    @property
    def unique(self) -> bool:
        """Filled and different in every row."""
        return self.filled == self.distinct == self.rows > 0

    @property
    def dated(self) -> bool:
        """Whether it holds days or instants."""
        return self.sort in {Sort.DAY, Sort.INSTANT}

    def share(self, shape: re.Pattern[str]) -> float:
        """Share of the distinct values that have a shape."""
        return sum(shape.fullmatch(text) is not None for text in self.counts) / max(1, self.distinct)

    @property
    def mails(self) -> bool:
        """Whether it holds e-mail addresses."""
        return self.distinct > 0 and self.share(_MAIL) > 0.8


def look(column: str, cells: Sequence[str], words: Words) -> Facts:
    """The facts of one column. `cells` holds one text per row of the sample, empty ones included."""
    counts = Counter(clean for clean in (" ".join(cell.split()) for cell in cells) if clean)
    bracket = found[1] if (found := _BRACKET.search(column)) else ""
    header = tuple(as_name(_BRACKET.sub(" ", column)).split("_"))
    nothing = {text for text in counts if text.casefold() in words.nothing}
    speaking = [text for text in counts if text not in nothing]
    day, number = _typed(speaking, header, words)
    kinds = _conforming(counts, speaking, day, number)
    sort, odd, fillers = kinds if kinds else (_untyped(counts, speaking), [], [])
    for text in (*nothing, *fillers):
        del counts[text]
    if sort in {Sort.DAY, Sort.INSTANT, Sort.NUMBER} and set(counts) <= {"0", "1"} and len(counts) == 2:
        sort = Sort.FLAG
    return Facts(
        column=column,
        words=tuple(word for word in header if word),
        bracket=bracket,
        counts=counts,
        rows=len(cells),
        sort=sort,
        sentinels=tuple(sorted({*nothing, *_folded(fillers)})),
        day=day if sort in {Sort.DAY, Sort.INSTANT} else None,
        number=number if sort is Sort.NUMBER else None,
        odd=tuple(odd[:5]),
    )


def _typed(
    speaking: Sequence[str], header: Sequence[str], words: Words
) -> tuple[dates.Found | None, numbers.Found | None]:
    tested = speaking[:TESTED]
    timely = bool(words.clock & set(header))
    day = dates.detect(tested, epochs=timely)
    number = numbers.detect(tested)
    if day and number and number.share >= day.share and not _digits_are_days(day, timely):
        day = None
    return day, None if day else number


def _digits_are_days(day: dates.Found, timely: bool) -> bool:
    # 20150131 is a number too; eight digits that are all days are days, epochs only under a header that says time.
    return day.share > 0.95 and (day.pattern in {"YYYYMMDD", dates.ISO} or timely)


def _conforming(
    counts: Counter[str], speaking: Sequence[str], day: dates.Found | None, number: numbers.Found | None
) -> tuple[Sort, list[str], list[str]] | None:
    """Sort, values that are no words and do not conform, and words that stand for nothing; None when not typed."""
    reads = dates.parser(day.pattern) if day else numbers.parser(number.style) if number else None
    if reads is None:
        return None
    good: list[str] = []
    rest: list[str] = []
    for text in speaking:
        try:
            reads(text)
            good.append(text)
        except (dates.NotADate, numbers.NotANumber):
            rest.append(text)
    fillers = _spoken(rest, counts, among=len(good))
    cells = sum(counts[text] for text in speaking)
    if sum(counts[text] for text in good) < TYPED * cells or len(_folded(fillers)) > min(SHAPES, len(good)):
        return None
    sort = Sort.NUMBER if number else Sort.INSTANT if day and day.timed else Sort.DAY
    return sort, [text for text in rest if text not in set(fillers)], fillers


def _spoken(rest: Sequence[str], counts: Counter[str], *, among: int) -> list[str]:
    """Texts taken for words that stand for nothing. One that stands alone among many values is rather a slip: its row
    is set aside, not silently read as empty."""
    words = [text for text in rest if any(c.isalpha() for c in text)]
    often = Counter[str]()
    for text in words:
        often[_DIGITS.sub("*", text)] += counts[text]
    return [text for text in words if among < ALONE or often[_DIGITS.sub("*", text)] > 1]


def _folded(fillers: Sequence[str]) -> list[str]:
    """Words with running numbers in them as one pattern, where there are several of a kind."""
    shapes: dict[str, list[str]] = {}
    for text in fillers:
        shapes.setdefault(_DIGITS.sub("*", text), []).append(text)
    return [texts[0] if len(texts) == 1 and "(" not in texts[0] else shape for shape, texts in shapes.items()]


def _untyped(counts: Counter[str], speaking: Sequence[str]) -> Sort:
    low = {text.casefold() for text in speaking}
    if len(low) == 2 and len(low & YES) == 1 and len(low & NO) == 1:
        return Sort.FLAG
    sample = speaking[:TESTED]
    mean = sum(map(len, sample)) / max(1, len(sample))
    repeated = len(speaking) < 0.5 * sum(counts[text] for text in speaking)
    return Sort.TEXT if mean > LONG * (3 if repeated else 1) else Sort.CATEGORY
