"""What a pack is, and the check at the door: unknown names, duplicates and dangling references fail at start-up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sightline.kernel.act import checking
from sightline.kernel.predict.language import misfits
from sightline.language.catalog import Catalog
from sightline.language.errors import Invalid, Misconfigured
from sightline.language.kind import EventKind, Kind
from sightline.language.playbook import Detector, Playbook, Success
from sightline.language.question import Question

T = TypeVar("T", Kind, EventKind, Question, Detector, Playbook, Success)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """All that one domain declares. The built-in packs come through the same door as anybody's."""

    name: str
    kinds: tuple[Kind, ...] = ()
    events: tuple[EventKind, ...] = ()
    questions: tuple[Question, ...] = ()
    detectors: tuple[Detector, ...] = ()
    playbooks: tuple[Playbook, ...] = ()
    successes: tuple[Success, ...] = ()
    check_names: bool = True
    """Whether questions, detectors and playbooks must begin with the pack's name; off for what a user adds."""


@dataclass(frozen=True, slots=True)
class Registry:
    """The packs of an installation."""

    packs: tuple[Pack, ...]

    def catalog(self, *additions: Pack) -> Catalog:
        """Everything declared by the packs and by `additions` (a tenant's own imports and questions).

        A kind declared twice is merged: the first declaration of an attribute or link stands, but what one of them
        calls personal is, and what one of them calls actionable. Raises Misconfigured.
        """
        packs = (*self.packs, *additions)
        kinds: dict[str, Kind] = {}
        for kind in _all(packs, lambda p: p.kinds):
            kinds[kind.name] = _merged(kinds[kind.name], kind) if kind.name in kinds else kind
        catalog = Catalog(
            kinds=kinds,
            events={e.name: e for e in reversed(list(_all(packs, lambda p: p.events)))},
            questions=_unique("question", packs, lambda p: p.questions),
            detectors=_unique("detector", packs, lambda p: p.detectors),
            playbooks=_unique("playbook", packs, lambda p: p.playbooks),
            successes=_unique("success of", packs, lambda p: p.successes),
        )
        for pack in packs:
            _check(pack, catalog)
        return catalog


def _all(packs: Iterable[Pack], part: Callable[[Pack], tuple[T, ...]]) -> Iterable[T]:
    return (one for pack in packs for one in part(pack))


def _unique(what: str, packs: Iterable[Pack], part: Callable[[Pack], tuple[T, ...]]) -> Mapping[str, T]:
    found: dict[str, T] = {}
    for pack in packs:
        for one in part(pack):
            if one.name in found:
                raise Misconfigured(f"Pack '{pack.name}' declares {what} '{one.name}' a second time.")
            if pack.check_names and not one.name.startswith(f"{pack.name}."):
                raise Misconfigured(f"Pack '{pack.name}' must call its {what} '{pack.name}.{one.name}'.")
            found[one.name] = one
    return found


def _merged(first: Kind, second: Kind) -> Kind:
    attributes = {a.name: a for a in (*second.attributes, *first.attributes)}
    for one in second.attributes:
        known = attributes[one.name]
        private = known.personal or one.personal
        chosen = False if private else known.actionable or one.actionable
        attributes[one.name] = replace(known, personal=private, actionable=chosen)
    links = {k.name: k for k in (*second.links, *first.links)}
    return Kind(
        name=first.name,
        label=first.label or second.label,
        attributes=tuple(attributes.values()),
        links=tuple(links.values()),
        person=first.person or second.person,
    )


def _check(pack: Pack, catalog: Catalog) -> None:
    for kind in pack.kinds:
        for link in kind.links:
            _must(pack, f"link {kind.name}.{link.name}", "kind", link.to, catalog.kinds)
    for question in pack.questions:
        _check_question(pack, question, catalog)
    for detector in pack.detectors:
        _must(pack, f"detector {detector.name}", "question", detector.question, catalog.questions)
    for success in pack.successes:
        _must(pack, "a success", "playbook", success.playbook, catalog.playbooks)
    for playbook in pack.playbooks:
        try:
            checking.check(playbook, catalog, measured=playbook.name in catalog.successes)
        except Invalid as error:
            raise Misconfigured(f"Pack '{pack.name}': {error.message} {error.hint or ''}".strip()) from None


def _check_question(pack: Pack, question: Question, catalog: Catalog) -> None:
    what = f"question {question.name}"
    for misfit in misfits(question, catalog.kinds, catalog.events):
        if misfit.personal:
            # A tenant's import says so: nobody is asked, which the proof tells, and all else goes on.
            continue
        if misfit.unknown:
            _must(pack, what, *misfit.unknown, dict.fromkeys(misfit.allowed))
        allowed = f" Allowed: {', '.join(misfit.allowed)}." if misfit.allowed else ""
        raise Misconfigured(f"Pack '{pack.name}': {what}, {misfit.part}: {misfit.says}{allowed}")


def _must(pack: Pack, who: str, what: str, name: str, known: Mapping[str, Any]) -> None:
    if name not in known:
        names = ", ".join(sorted(known)) or "none"
        raise Misconfigured(
            f"Pack '{pack.name}': {who} names the {what} '{name}', which nobody declares. Known: {names}."
        )
