"""How a proof looks on a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.text import Text

from sightline.interfaces.cli.amounts import amount
from sightline.interfaces.cli.session import Out
from sightline.interfaces.cli.show import table


def proof(out: Out, document: dict[str, Any]) -> None:
    """A proof on one screen: the verdict in words first, then the figures, then what was assumed."""
    out.answer.print(Text(f"{document['question']}: {_verdict(document)}", style="bold"))
    out.answer.print(document["headline"])
    figures = table("figure", "value", "beside it")
    for name, value, beside in _figures(document):
        figures.add_row(name, value, beside)
    if figures.row_count:
        out.answer.print(figures)
    if document["never_acts"]:
        out.answer.print(f"Never acts by itself on: {', '.join(document['never_acts'])}")
    _tried(out, document.get("contest") or {})
    _left_out(out, (document.get("leaks") or {}).get("left_out") or ())
    out.answer.print(Text("Assumed", style="bold"))
    for line in document["assumptions"]:
        out.answer.print(f"  - {line}")


def _verdict(document: dict[str, Any]) -> str:
    """The verdict in words; where no line keeps the promise, nothing is above it."""
    if document["verdict"] == "use_above":
        lines = [side for side in document["sides"] if side["line"] is not None]
        return "use above the lines below, elsewhere to rank and ask" if lines else "use to rank and ask"
    return str(document["verdict"]).replace("_", " ")


def _figures(document: dict[str, Any]) -> list[tuple[str, str, str]]:
    metrics, baseline, lift = document.get("metrics") or {}, document.get("baseline") or {}, document.get("lift") or {}
    if metrics.get("mae") is not None:
        return _quantities(metrics, baseline, lift, document.get("unit"))
    if metrics.get("auc") is None:
        return []
    alone = f"own attributes alone {_number(baseline.get('auc'))}"
    claimed = "claimed" if lift.get("claimed") else "not claimed"
    floor = f"a perfect model would show {_number(metrics.get('calibration_floor'))}"
    rows = [
        ("AUC", f"{metrics['auc']:.3f}", f"{_span(metrics.get('auc_interval'))}; {alone}"),
        ("difference", _number(lift.get("difference")), f"{_span(lift.get('interval'))}; {claimed}"),
        ("average precision", _number(metrics.get("average_precision")), ""),
        ("Brier score", _number(metrics.get("brier")), ""),
        ("calibration error", _number(metrics.get("calibration_error")), floor),
    ]
    for side in document.get("sides") or ():
        line = "never by itself" if side["line"] is None else f"by itself from {side['line']:.0%} on"
        held = (
            ""
            if side["line"] is None
            else f"precision {side['precision']:.0%}, at least {side['bound']:.0%}; {side['coverage']:.0%} of subjects"
        )
        rows.append((f"acts on '{side['called']}'", line, held))
    return rows


def _number(value: Any) -> str:
    if isinstance(value, list | tuple):
        return _span(value)
    return "-" if value is None else f"{value:.3f}"


def _span(value: Sequence[float] | None) -> str:
    return "" if not value else f"{value[0]:.3f} to {value[1]:.3f}"


def _quantities(
    metrics: Mapping[str, Any], baseline: Mapping[str, Any], lift: Mapping[str, Any], unit: str | None
) -> list[tuple[str, str, str]]:
    """Of a proof whose answers are quantities."""

    def told(of: Mapping[str, Any], name: str) -> str:
        return "-" if of.get(name) is None else amount(of[name], unit)

    def share(of: Mapping[str, Any], name: str) -> str:
        return "-" if of.get(name) is None else f"{of[name]:.0%}"

    claimed = "claimed" if lift.get("claimed") else "not claimed"
    return [
        ("mean absolute error", told(metrics, "mae"), f"baseline {told(baseline, 'mae')}"),
        ("smaller by", told(lift, "difference"), f"{_span(lift.get('interval'))}; {claimed}"),
        ("root of mean squared error", told(metrics, "rmse"), f"baseline {told(baseline, 'rmse')}"),
        ("within the 90 % interval", share(metrics, "coverage"), ""),
        (
            "forecast in all, of what came",
            share(metrics, "total_ratio"),
            f"baseline {share(baseline, 'total_ratio')}",
        ),
    ]


def _tried(out: Out, contest: Mapping[str, Any]) -> None:
    """The models that were tried, and which one was taken."""
    if not contest.get("rungs"):
        return
    right = ("loss", "worse by", "standard error")
    made = table("model", *right, "", right=right, title="Tried")
    for one in contest["rungs"]:
        taken = "taken" if one["rung"] == contest["chosen"] else ""
        made.add_row(one["rung"], *(_number(one.get(name)) for name in ("loss", "worse", "error")), taken)
    out.answer.print(made)


def _left_out(out: Out, found: Sequence[Mapping[str, Any]]) -> None:
    """Features that looked like leaks."""
    for one in found:
        became = "let in" if one.get("admitted") else "left out"
        out.answer.print(Text(f"{became}: {one['feature']}. {one['evidence']}"))
