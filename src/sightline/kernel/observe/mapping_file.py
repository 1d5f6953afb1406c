"""A mapping as a small TOML file that people read, edit and commit.

One line per column; what a line leaves out has the value a reader would expect. Mistakes are told by their place, with
the nearest word that is allowed.
"""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import UTC
from pathlib import Path
from typing import Any, cast

from sightline.kernel.observe.mapping import Column, Happening, Only, Order, as_name
from sightline.kernel.observe.mapping import Mapping as FieldMap
from sightline.kernel.observe.table import COMPRESSIONS, FORMATS, Dialect
from sightline.language.errors import Invalid, NotFound
from sightline.language.kind import Sort
from sightline.language.time import parse_instant, parse_span, words_of

_TEXT, _TEXTS, _FLAG, _WHOLE, _TABLE = "a text", "a list of texts", "true or false", "a whole number", "a table"
_CHOICE = "true, false, or a list of the values to choose between"
_TOP = {
    "source": _TEXT, "kind": _TEXT, "label": _TEXT, "person": _FLAG, "key": _TEXTS, "rows": _TEXT, "row": _TEXTS,
    "dates": _TEXT, "numbers": _TEXT, "zone": _TEXT, "currency": _TEXT, "missing": _TEXTS, "ignored": _TEXTS,
    "order": _TABLE, "dialect": _TABLE, "events": _TABLE, "columns": _TABLE,
}  # fmt: skip
_EVENT = {
    "time": _TEXT, "where": _TABLE, "past": _TEXT, "delay": _TEXT, "known": _TEXTS, "lag": _TEXT, "begins": _FLAG,
    "says": _TEXTS, "format": _TEXT, "label": _TEXT,
}  # fmt: skip
_WHERE = {"column": _TEXT, "is": _TEXTS}
_ORDER = {"from": _TEXT, "step": _TEXT}
_COLUMN = {
    "name": _TEXT, "sort": _TEXT, "link": _TEXT, "known": _TEXT, "otherwise": _TEXT, "format": _TEXT, "unit": _TEXT,
    "label": _TEXT, "personal": _FLAG, "actionable": _CHOICE, "missing": _TEXTS,
}  # fmt: skip
_DIALECT = {
    "format": _TEXT, "compression": _TEXT, "encoding": _TEXT, "delimiter": _TEXT, "quote": _TEXT, "header": _FLAG,
    "skip": _WHOLE,
}  # fmt: skip

WIDTH = 110
"""Characters up to which a list stays on one line."""

HEAD = """\
# How the rows of this file become events. Edit it, keep it with your code, and import with --mapping.
#   events   dates that say something happened: `time` is the column that dates it, `known` those that say when it
#            was recorded; `begins = false` for endings, which say nothing about when the thing began;
#            `where = { column = "Stage", is = ["Won"] }` for what happened only in such rows
#   columns  what a row says: an attribute (`sort`: number, category, text, day, instant, flag) or a `link` to a kind;
#            `known` names the event that makes it known, otherwise it is assumed known from the start;
#            `actionable = true`, or a list of values, for what you choose: forecasts hint at what else to choose
"""


def load(path: Path) -> FieldMap:
    """The mapping in a file. Raises NotFound, or Invalid naming what is wrong and what was allowed."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise NotFound(f"There is no mapping '{path}'.", hint="`sightline import FILE` proposes one.") from None
    except (UnicodeDecodeError, IsADirectoryError):
        raise Invalid(f"'{path}' is no mapping.", hint="A mapping is a TOML file in UTF-8.") from None
    return parse(text, name=path.name)


def parse(text: str, *, name: str = "the mapping") -> FieldMap:
    """The mapping a TOML text declares. Raises Invalid naming what is wrong and what was allowed."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid(f"{name} is not TOML: {error}.", hint="Texts stand in quotes, lists in brackets.") from None
    return read(found, name=name)


def read(document: Mapping[str, Any], *, name: str = "the mapping") -> FieldMap:
    """The mapping of a document: the TOML as tables, lists and texts, which JSON holds as well. Raises Invalid."""
    top = _checked(document, _TOP, name)
    for needed in ("source", "kind"):
        if needed not in top:
            raise Invalid(f"{name} lacks `{needed}`.", hint='Begin it with: source = "..." and kind = "..."')
    events = tuple(_event(kind, given, name) for kind, given in top.pop("events", {}).items())
    columns = tuple(_column(column, given, name) for column, given in top.pop("columns", {}).items())
    named: list[str] = [*(one.type for one in events), *(one.column for one in columns)]
    for one in named:
        _storable(one, name)
    dialect = _dialect(top.pop("dialect", {}), f"{name}, dialect")
    if "order" in top:
        top["order"] = _order(top["order"], f"{name}, order")
    return FieldMap(events_=events, columns=columns, dialect=dialect, key=top.pop("key", ()), **top)


def _dialect(given: Any, where: str) -> Dialect:
    found = _checked(given, _DIALECT, where)
    for word, allowed in (("format", FORMATS), ("compression", COMPRESSIONS)):
        if found.get(word, allowed[0]) not in allowed:
            near = _near(found[word], list(allowed))
            raise Invalid(f"{where}: '{found[word]}' is no {word}.{near}", hint=f"Allowed: {', '.join(allowed)}.")
    return Dialect(**found)


def _event(kind: str, given: Any, name: str) -> Happening:
    where = f"{name}, event '{kind}'"
    one = _checked(given, _EVENT, where)
    if "time" not in one:
        raise Invalid(f"{where} lacks `time`.", hint="Name the column that dates it.")
    for span in {"lag", "delay"} & one.keys():
        one[span] = parse_span(one[span])
    if "where" in one:
        only = _needed(one["where"], _WHERE, f"{where}: `where`")
        one["where"] = Only(column=only["column"], is_=only["is"])
    return Happening(type=kind, **one)


def _order(given: Any, where: str) -> Order:
    one = _needed(given, _ORDER, where)
    return Order(start=parse_instant(one["from"]), step=parse_span(one["step"]))


def _needed(given: Any, allowed: Mapping[str, str], where: str) -> dict[str, Any]:
    """A table in which nothing may be left out."""
    one = _checked(given, allowed, where)
    for name in allowed:
        if name not in one:
            raise Invalid(f"{where} lacks `{name}`.", hint=f"It needs {' and '.join(f'`{n}`' for n in allowed)}.")
    return one


def _column(column: str, given: Any, name: str) -> Column:
    where = f"{name}, column '{column}'"
    one = _checked(given, _COLUMN, where)
    sort = one.pop("sort", "category")
    if sort not in list(Sort):
        raise Invalid(f"{where}: '{sort}' is no sort.{_near(sort, list(Sort))}", hint=f"Allowed: {', '.join(Sort)}.")
    named = one.pop("name", one.get("link") or as_name(column))
    return Column(column=column, name=named, sort=Sort(sort), **one)


def _checked(given: Any, allowed: Mapping[str, str], where: str) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise Invalid(f"{where} must be a table.", hint='Write it like { link = "country" }.')
    found: dict[str, Any] = {}
    for name, value in given.items():
        if not isinstance(name, str) or name not in allowed:
            raise Invalid(
                f"{where}: there is no `{name}`.{_near(name, list(allowed))}", hint=f"Allowed: {', '.join(allowed)}."
            )
        found[name] = _typed(value, allowed[name], f"{where}: `{name}`")
    return found


def _typed(value: Any, wanted: str, where: str) -> Any:
    if wanted == _TEXTS:
        texts = [value] if isinstance(value, str) else value
        if isinstance(texts, list) and all(isinstance(text, str) for text in texts):
            return tuple(_storable(text, where) for text in cast("list[str]", texts))
    elif wanted == _CHOICE:
        if isinstance(value, bool):
            return value
        if isinstance(value, list) and value and all(isinstance(one, str | int | float) for one in value):
            return tuple(_storable(one, where) if isinstance(one, str) else one for one in value)
    elif wanted == _WHOLE:
        if isinstance(value, int) and not isinstance(value, bool):
            return value
    elif isinstance(value, {_TEXT: str, _FLAG: bool, _TABLE: dict}[wanted]):
        return _storable(str(value), where) if wanted == _TEXT else value
    raise Invalid(f"{where} must be {wanted}, and is {value!r}.")


def _storable(text: str, where: str) -> str:
    """JSON and TOML can write what is no text: NUL, and halves of characters."""
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise Invalid(f"{where} holds {text[:40]!r}, which is no text.", hint="Leave out NUL and lone surrogates.")
    return text


def document_of(mapping: FieldMap) -> dict[str, Any]:
    """The mapping as `read` takes it."""
    return tomllib.loads(text_of(mapping))


def _near(name: str, allowed: list[str]) -> str:
    near = difflib.get_close_matches(name, allowed, n=1, cutoff=0.5)
    return f" Did you mean `{near[0]}`?" if near else ""


def text_of(mapping: FieldMap, why: Mapping[str, str] | None = None, doubts: Sequence[str] = ()) -> str:
    """The mapping as TOML. `why` gives comments by place: a top-level name, an event's type or a column's name.

    `doubts` are written at the top, to be looked at by whoever agrees to it.
    """
    said = why or {}
    parts = [HEAD, *(f"# Look at this: {_clean(doubt)}" for doubt in doubts), *_top(mapping, said)]
    dialect = {one.name: value for one in fields(Dialect) if (value := getattr(mapping.dialect, one.name)) is not None}
    if dialect:
        parts += ["", "[dialect]", *(f"{name} = {_value(value)}" for name, value in dialect.items())]
    if mapping.events_:
        parts += ["", "[events]"]
        for one in mapping.events_:
            parts += _entry(one.type, _of_event(one), said)
    if mapping.columns:
        parts += ["", "[columns]"]
        for column in mapping.columns:
            parts += _entry(column.column, _of_column(column), said)
    return "\n".join(parts) + "\n"


def _top(mapping: FieldMap, said: Mapping[str, str]) -> Iterator[str]:
    usual = {one.name: one.default for one in fields(FieldMap)}
    for name in _TOP:
        if name in {"dialect", "events", "columns", "order"}:
            continue
        value = getattr(mapping, name)
        if name in {"source", "kind", "key"} or value != usual[name]:
            yield from _comment(said.get(name, ""))
            short = name == "key" and len(value) == 1
            text = f"{name} = {_value(value[0] if short else value)}"
            yield text if len(text) <= WIDTH or not isinstance(value, tuple) else _listed(name, value)
    if mapping.order:
        start = mapping.order.start.astimezone(UTC).isoformat().replace("+00:00", "Z")
        yield f"order = {_inline({'from': start, 'step': words_of(mapping.order.step)})}"


def _listed(name: str, values: tuple[str, ...]) -> str:
    return "\n".join([f"{name} = [", *(f"  {_value(value)}," for value in values), "]"])


def _entry(name: str, given: dict[str, Any], said: Mapping[str, str]) -> Iterator[str]:
    yield from _comment(said.get(name, ""))
    yield f"{_value(name)} = {_inline(given)}"


def _inline(given: Mapping[str, Any]) -> str:
    return f"{{ {', '.join(f'{word} = {_value(value)}' for word, value in given.items())} }}"


def _of_event(one: Happening) -> dict[str, Any]:
    found: dict[str, Any] = {"time": one.time}
    if one.where:
        found["where"] = {"column": one.where.column, "is": one.where.is_}
    found |= {word: value for word in ("past", "known", "says") if (value := getattr(one, word))}
    found |= {word: words_of(value) for word in ("delay", "lag") if (value := getattr(one, word))}
    if not one.begins:
        found["begins"] = False
    return found | {word: value for word in ("format", "label") if (value := getattr(one, word))}


def _of_column(one: Column) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if one.name != (one.link or as_name(one.column)):
        found["name"] = one.name
    if one.link:
        found["link"] = one.link
    else:
        found["sort"] = str(one.sort)
    if one.known:
        found["known"] = one.known
    if one.otherwise != "unknown":
        found["otherwise"] = one.otherwise
    words = ("format", "unit", "label", "personal", "actionable")
    found |= {word: value for word in words if (value := getattr(one, word))}
    return found if one.missing is None else found | {"missing": one.missing}


def _comment(text: str) -> list[str]:
    return [f"# {_clean(line)}" for line in text.splitlines()]


def _clean(text: str) -> str:
    # Comments quote what stands in files; TOML allows no line breaks nor control characters there.
    return "".join(c if c.isprintable() else " " for c in text)


def _value(value: Any) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, Mapping):
        return _inline(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        # A JSON string is a TOML basic string, but for DEL, which TOML wants escaped.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(cast("int", value))
