"""Keep personal data out of the ledger: marked values become tokens before anything is recorded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sightline.foundation.db.session import Transaction
from sightline.foundation.vault import TOKEN, Personal, Vault
from sightline.language.event import LINKS, Event
from sightline.language.kind import Kind
from sightline.language.ref import Ref

_TOKENS = re.compile(rf"{TOKEN}[0-9a-f]{{24}}")


async def shield(tx: Transaction, vault: Vault, events: Sequence[Event], kinds: Mapping[str, Kind]) -> list[Event]:
    """The same events with tokens in the place of personal keys, attributes and link targets.

    What is personal is declared by `kinds`: the key of a kind of persons, and every attribute marked personal.
    """
    guarded = {name for name, kind in kinds.items() if kind.person or any(a.personal for a in kind.attributes)}
    if not guarded:
        return list(events)
    wanted = [one for event in events for one in _personal(event, kinds)]
    tokens = await vault.tokens(tx, wanted)
    return [_shielded(event, kinds, tokens) for event in events]


async def token_ref(tx: Transaction, vault: Vault, ref: Ref, kinds: Mapping[str, Kind]) -> Ref:
    """The reference under which a thing stands in the ledger: a person's key is looked up as its token."""
    kind = kinds.get(ref.kind)
    if kind is None or not kind.person or ref.key.startswith(TOKEN):
        return ref
    token = await vault.token_of(tx, _key(ref))
    return Ref(ref.kind, token) if token else ref


async def shielded_ref(tx: Transaction, vault: Vault, ref: Ref, kinds: Mapping[str, Kind]) -> Ref:
    """As `token_ref`, also for a person of whom nothing was recorded yet: what is kept of them needs a token too."""
    kind = kinds.get(ref.kind)
    if kind is None or not kind.person or ref.key.startswith(TOKEN):
        return ref
    return Ref(ref.kind, (await vault.tokens(tx, [_key(ref)]))[_key(ref)])


async def person_refs(tx: Transaction, vault: Vault, key: str, persons: Sequence[str]) -> list[Ref]:
    """Under which references a text stands in the ledger where it is the whole key of a person of these kinds."""
    refs = [Ref(kind, key) for kind in persons]
    found = [(ref.kind, await vault.token_of(tx, _key(ref))) for ref in refs]
    return [Ref(kind, token) for kind, token in found if token]


async def unveiled(tx: Transaction, vault: Vault, value: Any) -> Any:
    """The same plain value (texts, mappings, sequences, to any depth) with personal values in the place of tokens.

    What was erased stays a token. For whoever may read the workspace; nothing unveiled may be recorded or logged.
    """
    tokens = tokens_in(value)
    values = await vault.reveal(tx, sorted(tokens)) if tokens else {}
    return replaced(value, values) if values else value


def tokens_in(value: Any) -> set[str]:
    """The tokens that stand anywhere in a plain value."""
    return set(_TOKENS.findall(str(value)))


def without_tokens(text: str) -> str:
    """A text with nothing in the place of its tokens."""
    return _TOKENS.sub("", text)


async def veiled_as(tx: Transaction, vault: Vault, text: str, stored: Any) -> str:
    """A text with the tokens of `stored` in the place of their values: what was shown unveiled and is kept again."""
    tokens = tokens_in(stored)
    values = await vault.reveal(tx, sorted(tokens)) if tokens else {}
    for token, value in sorted(values.items(), key=lambda one: -len(one[1])):
        text = text.replace(value, token) if value else text
    return text


def replaced(value: Any, values: Mapping[str, str]) -> Any:
    """The same plain value with these values in the place of their tokens."""
    if isinstance(value, str):
        return _TOKENS.sub(lambda found: values.get(found[0], found[0]), value)
    if isinstance(value, Mapping):
        return {name: replaced(one, values) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(replaced(one, values) for one in value)
    return value


def person_of(ref: Ref) -> str:
    """How the vault calls the person that a thing is."""
    return str(ref)


def _key(ref: Ref) -> Personal:
    return Personal(person_of(ref), ref.key)


def _personal(event: Event, kinds: Mapping[str, Kind]) -> Iterator[Personal]:
    kind = kinds.get(event.subject.kind)
    if kind and kind.person:
        yield _key(event.subject)
    for _, one in _attributes(event, kind):
        yield one
    for ref in _person_links(event, kinds):
        yield _key(ref)


def _attributes(event: Event, kind: Kind | None) -> Iterable[tuple[str, Personal]]:
    if kind is None:
        return
    for attribute in kind.attributes:
        value = event.data.get(attribute.name) if attribute.personal else None
        if value is not None and not str(value).startswith(TOKEN):
            # Nobody but the value itself names its person, unless the thing is one.
            yield attribute.name, Personal(person_of(event.subject) if kind.person else str(value), str(value))


def _person_links(event: Event, kinds: Mapping[str, Kind]) -> Iterator[Ref]:
    for text in event.links.values():
        kind = kinds.get(text.partition("/")[0])
        if kind and kind.person:
            yield Ref.parse(text)


def _shielded(event: Event, kinds: Mapping[str, Kind], tokens: Mapping[Personal, str]) -> Event:
    kind = kinds.get(event.subject.kind)
    data: dict[str, Any] = dict(event.data)
    for name, one in _attributes(event, kind):
        data[name] = tokens[one]
    persons = {str(ref): f"{ref.kind}/{tokens[_key(ref)]}" for ref in _person_links(event, kinds)}
    if persons:
        data[LINKS] = {role: persons.get(text, text) for role, text in event.links.items()}
    if not (kind and kind.person):
        return event.but(data=data)
    key, token = event.subject.key, tokens[_key(event.subject)]
    # Ids are made of keys by imports, and by senders as they like: a person's key is taken out of them too.
    revises = event.revises.replace(key, token) if event.revises else None
    cause = event.cause.replace(key, token) if event.cause else None
    return event.but(
        id=event.id.replace(key, token), revises=revises, cause=cause, subject=Ref(event.subject.kind, token), data=data
    )
