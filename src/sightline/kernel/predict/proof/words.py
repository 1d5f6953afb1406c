"""A proof in a few plain sentences."""

from __future__ import annotations

from typing import Any

from sightline.kernel.predict.limits import MIN_JUDGED
from sightline.kernel.predict.prepare import Prepared
from sightline.language.proof import Side, Verdict

NOTHING = "The answers since the origin are all the same or missing: nothing can be proved yet."


def headline(prepared: Prepared, document: dict[str, Any], found: tuple[Side, ...], *, thin: bool) -> str:
    """What was found, the verdict first where it is no."""
    if document["model"]["rung"] == "prior":
        return " ".join([_only_usual(prepared, document), *_first(document)])
    chance = prepared.question.chance
    told = _chance(prepared, document, found, thin=thin) if chance else _quantity(prepared, document)
    champion = document["champion"]
    return " ".join([*told, *([champion["words"]] if champion and champion["interval"] else [])])


def _only_usual(prepared: Prepared, document: dict[str, Any]) -> str:
    model = document["model"]
    usual = "the base rate" if prepared.question.chance else "what is usual"
    if len(document["contest"]["rungs"]) > 1:
        best = min((one for one in document["contest"]["rungs"] if one["rung"] != "prior"), key=lambda one: one["loss"])
        return (
            f"Nothing tells the subjects apart better than {usual} beyond noise; '{best['rung']}' came nearest."
            f" Only {usual} is known: do not use it."
        )
    of = f", {model['yes'] or 0:,} of them '{prepared.question.yes}'" if prepared.question.chance else ""
    return f"Too little to learn from: {model['trained_on']:,} mature answers{of}. Only {usual} is known."


def _first(document: dict[str, Any]) -> list[str]:
    return [str(note) for note in document["notes"][:1]]


def _chance(prepared: Prepared, document: dict[str, Any], found: tuple[Side, ...], *, thin: bool) -> list[str]:
    figures, lift = document["metrics"], document["lift"]
    if figures["auc"] is None:
        return [
            NOTHING,
            *_first(document),
        ]
    low, high = figures["auc_interval"]
    parts = [f"AUC {figures['auc']:.3f} ({low:.3f} to {high:.3f}) on {document['split']['judged']:,} later subjects."]
    if thin:
        return [*parts, f"Fewer than {MIN_JUDGED} independent answers of one kind: do not use it yet."]
    if document["verdict"] == Verdict.DO_NOT_USE.value:
        return [*parts, "That is no lift over the base rate beyond doubt: do not use it."]
    parts.append(_lift_words(lift))
    parts.append(
        f"Calibration error {figures['calibration_error']:.3f} (a perfect model would show about"
        f" {figures['calibration_floor']:.3f})."
    )
    if document["money"]:
        money = document["money"]
        parts.append(
            f"The top tenth holds {money['by_expected_loss']:.0%} of the money in '{prepared.question.yes}'"
            f" ({money['by_worth']:.0%} by worth alone)."
        )
    return [*parts, *(_side_words(side, document["kept"][side.side]) for side in found)]


def _lift_words(lift: dict[str, Any]) -> str:
    low, high = lift["interval"]
    figure = f"{lift['difference']:+.3f} ({low:+.3f} to {high:+.3f})"
    if lift["claimed"]:
        return f"Histories add {figure} to a model of the subject's own attributes."
    return f"No lift is claimed over a model of the subject's own attributes: {figure} includes zero or worse."


def _side_words(side: Side, kept: dict[str, Any]) -> str:
    if side.line is None:
        why = f"no line keeps {side.promise:.0%}"
        if kept["precision"] is not None and kept["precision"] < side.promise:
            why = f"lines found earlier kept only {kept['precision']:.1%} on later data, not {side.promise:.0%}"
        return f"It never acts by itself on '{side.called}': {why}."
    return (
        f"On '{side.called}' it keeps {side.promise:.0%} from probability {side.line:.2f} on, for"
        f" {side.coverage:.0%} of the subjects."
    )


def _quantity(prepared: Prepared, document: dict[str, Any]) -> list[str]:
    figures, lift = document["metrics"], document["lift"]
    if figures["mae"] is None:
        return [
            NOTHING,
            *_first(document),
        ]
    unit = f" {prepared.question.unit}" if prepared.question.unit else " days" if document["answer"] == "next" else ""
    low, high = lift["interval"]
    parts = [
        f"On {document['split']['judged']:,} later subjects the median is off by {_number(figures['mae'])}{unit} on"
        f" average, against {_number(document['baseline']['mae'])}{unit} by {lift['over'].partition(':')[0]}"
        f" (difference {lift['difference']:+.3g}, {low:+.3g} to {high:+.3g})."
    ]
    if document["verdict"] == Verdict.DO_NOT_USE.value:
        doubt = "That is no lift beyond doubt"
        if document["split"]["clusters"] < MIN_JUDGED:
            doubt = f"Fewer than {MIN_JUDGED} independent subjects were judged"
        return [*parts, f"{doubt}: do not use it."]
    if not lift["claimed"]:
        parts.append("Its means are beyond doubt nearer than that, and they add up.")
    if figures["total_ratio"] is not None:
        parts.append(f"In all {figures['total_ratio']:.0%} of what came was forecast.")
    return [*parts, f"Its 90 % intervals held {figures['coverage']:.0%} of the answers."]


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
