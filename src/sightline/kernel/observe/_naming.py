"""What a header names: an identifier, a thing, a happening, a plan. Guesses, made by words alone."""

from __future__ import annotations

from dataclasses import dataclass

from sightline.kernel.observe.mapping import as_name
from sightline.kernel.observe.words import Words

DATED = "dated"
"""The verb of a date that says whose it is and not what happened (`Invoice Date`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """The verb a date's header holds, and the words before it."""

    verb: str
    subject: str | None
    """The kind named before the verb (`PO Sent Date`: the order), if any."""
    certain: bool = True
    """Whether the verb is one the vocabulary knows."""


def identifies(header: tuple[str, ...], words: Words) -> bool:
    """Whether a header ends like an identifier: `customer id`, `order no`; `number of items` does not."""
    return bool(header) and header[-1] in words.identifiers


def thing_of(header: tuple[str, ...], words: Words) -> str | None:
    """The kind of thing a header speaks of: `Ship-to Country Code` is country; None when its last word is no thing."""
    core = [word for word in header if word not in words.filler]
    while len(core) > 1 and (core[-1] in words.identifiers or core[-1] in words.naming):
        core.pop()
    return words.things.get(singular(core[-1], words)) if core else None


def stem_of(header: tuple[str, ...], words: Words) -> str:
    """The header without the words that say it is an identifier; empty when nothing else stands there."""
    core = list(header)
    while core and (core[-1] in words.identifiers or core[-1] in words.naming):
        core.pop()
    return "_".join(core)


def singular(word: str, words: Words) -> str:
    """`deliveries` is delivery; a word the vocabulary knows stays as it is."""
    if word in words.things or len(word) < 4:
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def kind_of_file(name: str, words: Words) -> str:
    """What the rows of a file are, by its name: `2024_Orders_export.csv` holds orders; `record` if it says nothing."""
    core = [word for word in as_name(name).split("_") if word not in words.filler and not word[-1:].isdigit()]
    if not core:
        return "record"
    last = singular(core[-1], words)
    return words.things.get(last, last)


def plans(header: tuple[str, ...], words: Words) -> bool:
    """Whether a date's header speaks of an intention."""
    return bool(words.plans & set(header))


def records(header: tuple[str, ...], words: Words) -> bool:
    """Whether a date's header speaks of writing something down."""
    return bool(words.recorded & set(header))


def happened(header: tuple[str, ...], kind: str, words: Words) -> Happened:
    """The happening a date's header names: `PO Sent to Vendor Date` is (order) sent, `close_date` closed."""
    core = [word for word in header if word not in words.clock and word not in words.filler]
    participles = set(words.verbs.values())
    for certain in (participles, set(words.verbs)):
        for at, word in enumerate(core):
            if word in certain:
                before = [words.things[w] for w in core[:at] if w in words.things]
                return Happened(verb=words.verbs[word], subject=before[-1] if before else None)
    if core and core[-1] in words.things:
        return Happened(verb=DATED, subject=words.things[core[-1]], certain=False)
    other = [word for word in core if word != kind]
    return Happened(verb="_".join(other) or DATED, subject=None, certain=False)
