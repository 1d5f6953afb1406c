"""How answers look on a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.table import Table
from rich.text import Text

from sightline.interfaces.cli.amounts import amount, between, came, said
from sightline.interfaces.cli.session import Out
from sightline.language.event import LINKS
from sightline.language.time import DAWN, DUSK

MOST_REASONS = 2


def day(at: datetime | str | None) -> str:
    """A day for people; "assumed" for what nothing dates, nothing for what has no end."""
    if at is None:
        return ""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    if moment >= DUSK:
        return ""
    return "assumed" if moment <= DAWN else f"{moment:%Y-%m-%d}"


def money(value: float | None) -> str:
    """An amount without cents."""
    return "" if value is None else f"{value:,.0f}"


def table(*columns: str, right: Sequence[str] = (), title: str | None = None) -> Table:
    """An empty table in the house's shape."""
    made = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in columns:
        made.add_column(name, justify="right" if name in right else "left", header_style="dim", overflow="fold")
    return made


def ranking(out: Out, rows: Sequence[Mapping[str, Any]], *, yes: str, title: str) -> None:
    """A list of predictions, each with its strongest reasons below it."""
    out.answer.print(Text(title, style="bold"))
    if not rows:
        out.answer.print("Nobody is forecast now: `--all` lists those asked before.")
        return
    width = max((len(one["subject"]) for one in rows), default=0)
    quantities = rows[0].get("quantity") is not None
    short, wide = (16, 17) if quantities else (7, 9)
    head_said, span = ("about", "90 %") if quantities else (yes, "80 %")
    head = f"  # {'subject':<{width}} {head_said:>{short}} {span:>{wide}} {'at stake':>12} {'expected loss':>14}"
    out.answer.print(Text(f"{head}  deadline    decided", style="dim"))
    for number, one in enumerate(rows, start=1):
        lost, by = money(one["expected_loss"]), day(one["deadline"])
        told, between = _said(one)
        line = (
            f"{number:>3} {one['subject']:<{width}} {told:>{short}} {between:>{wide}}"
            f" {money(one['worth']):>12} {lost:>14}  {by:<10}  {_decided(one, yes)}"
        )
        out.answer.print(Text(line.rstrip()))
        for reason in one["reasons"][:MOST_REASONS]:
            out.answer.print(Text(f"      {_sign(reason)} {reason['text']}", style="dim"))


def _said(one: Mapping[str, Any]) -> tuple[str, str]:
    if one.get("quantity") is not None:
        return amount(one["quantity"], one.get("unit")), between(one)
    return f"{one['probability']:.0%}", f"{one['low']:.0%}-{one['high']:.0%}"


def _sign(reason: dict[str, Any]) -> str:
    return "+" if reason["contribution"] > 0 else "-"


def _decided(one: Mapping[str, Any], yes: str) -> str:
    if one["outcome"] is not None:
        return came(one, yes, f"not {yes}")
    return one["decision"]["verb"] if one["decision"] else ""


def reasons(out: Out, rows: Sequence[Mapping[str, Any]]) -> None:
    """Why, for each prediction about one subject."""
    for one in rows:
        out.answer.print(Text(f"{one['question']}: {said(one)}", style="bold"))
        by = f", deadline {day(one['deadline'])}" if day(one["deadline"]) else ""
        stake = f", at stake {money(one['worth'])}" if one["worth"] is not None else ""
        out.answer.print(f"  as known on {day(one['cutoff'])}{by}{stake}")
        for reason in one["reasons"]:
            out.answer.print(f"  {_sign(reason)} {reason['text']}")
        if one["decision"]:
            out.answer.print(f"  decided: {one['decision']['verb']}. {one['decision']['because']}")
        if one["outcome"] is not None:
            settled = "settled" if one["settled"] else "read early, not settled yet"
            out.answer.print(f"  outcome: {came(one)} ({settled})")


def entity(out: Out, found: Mapping[str, Any]) -> None:
    """A thing as of a day."""
    out.answer.print(Text(f"{found['ref']} as of {day(found['as_of'])}", style="bold"))
    facts = table("attribute", "value")
    facts.add_row("exists from", day(found["exists_from"]))
    for name, value in sorted(found["attributes"].items()):
        facts.add_row(name, str(value))
    for role, ref in sorted(found["links"].items()):
        facts.add_row(f"-> {role}", ref)
    for kind, count in found["linked_from"].items():
        facts.add_row(f"<- {kind}", f"{count:,}")
    out.answer.print(facts)
    line = table("day", "known", "event", "what", title="Timeline")
    for one in found["timeline"]:
        told = ", ".join(f"{k}={v}" for k, v in one["data"].items() if k != LINKS)
        line.add_row(day(one["time"]), day(one["known_at"]), one["type"], told[:100])
    out.answer.print(line)


COUNTED = ("rows", "events", "repeated", "revised", "staged", "quarantined")
"""What an import tells in numbers."""


def batches(found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Imports as rows of a list."""
    return [
        {"batch": one["id"], "file": one["file"], "started_at": day(one["started_at"])}
        | {name: one[name] for name in COUNTED}
        | {"": _standing(one)}
        for one in found
    ]


def _standing(batch: Mapping[str, Any]) -> str:
    if batch["undone_at"]:
        return f"undone {day(batch['undone_at'])}"
    return "" if batch["finished_at"] else "not finished"


def status(out: Out, found: Mapping[str, Any]) -> None:
    """How a workspace stands: a line for each thing, and the newest imports below."""
    made = table("what", "value")
    for name, value in found.items():
        if name == "batches":
            continue
        several = isinstance(value, list) and value and isinstance(value[0], dict)
        said = [": ".join(map(_words, one.values())) for one in value] if several else [_words(value)]
        if name == "lags":
            said = _behind(value)
        for number, one in enumerate(said):
            made.add_row("" if number else name.replace("_", " "), one)
    out.answer.print(made)
    if found.get("batches"):
        out.answer.print(Text("Newest imports", style="bold"))
        rows(out, batches(found["batches"]), empty="")


def _behind(lags: Mapping[str, int]) -> list[str]:
    """By how many events who is behind, those most behind first."""
    numbers = sorted({lag for lag in lags.values() if lag}, reverse=True)
    return [f"{one:,}: {', '.join(name for name, lag in lags.items() if lag == one)}" for one in numbers] or ["none"]


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{k} {_words(v)}" for k, v in value.items())
    if isinstance(value, list):
        return "; ".join(_words(v) for v in value)
    return day(value) if isinstance(value, datetime) else "" if value is None else str(value)


SHOWN = 100
"""Rows of a list on a terminal; `--json` and `--csv` give all."""


def listed(
    out: Out, name: str, found: Sequence[dict[str, Any]], columns: Sequence[str], *, as_json: bool, as_csv: bool,
    empty: str,
) -> None:  # fmt: skip
    """A list under a name: as JSON whole, as CSV and on a terminal these columns."""
    if as_json:
        return out.json({name: found})
    if as_csv:
        return out.csv(found, columns)
    return rows(out, [{one: row[one] for one in columns} for row in found], empty=empty)


def rows(out: Out, found: Sequence[dict[str, Any]], *, empty: str) -> None:
    """Any list of flat rows; `empty` is what to do when there is none."""
    if not found:
        out.answer.print(empty)
        return
    made = table(*found[0])
    for row in found[:SHOWN]:
        made.add_row(*(day(v) if isinstance(v, datetime) else "" if v is None else str(v) for v in row.values()))
    out.answer.print(made)
    if len(found) > SHOWN:
        out.answer.print(f"The first {SHOWN} of {len(found):,}; --csv or --json lists all.")
