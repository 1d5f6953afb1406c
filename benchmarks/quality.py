"""How good the forecasts are on the deliveries that ship, from declarations only: `python benchmarks/quality.py`.

The whole history, rolling origin from the 70 % quantile of cutoffs, retrained every 60 days or so. Limits:
AUC at least .82 and not below the attributes-only model by more than noise; calibration error at most .05. Ends with 1
when one is missed. Design choices were made on cutoffs before that quantile only.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sightline.kernel.predict import engine
from sightline.kernel.predict.facts import Facts
from sightline.kernel.predict.prepare import Prepared
from sightline.packs.supply.predict import ARRIVES_LATE
from tests.kernel.predict.deliveries import KINDS, ledger

JUDGED = "whole history"
"""The moment whose figures have limits."""

MOMENTS = {
    JUDGED: datetime(2016, 6, 1, tzinfo=UTC),
    "the demo's today": datetime(2015, 1, 1, tzinfo=UTC),
}

LEAST_AUC, MOST_ERROR, LEAST_LIFT = 0.82, 0.05, 0.0
"""AUC, calibration error, and the upper end of the interval of the difference to the attributes-only model."""


def span(interval: list[float]) -> str:
    return f"{interval[0]:+.3f} to {interval[1]:+.3f}"


def held(document: dict[str, Any]) -> bool:
    """Print the limited figures beside their limits. Whether they all hold."""
    auc, error = document["metrics"]["auc"], document["metrics"]["calibration_error"]
    lift = document["lift"]["interval"][1]
    print(f"  {'limits':26} AUC {auc:.4f} (at least {LEAST_AUC:.2f}), calibration error {error:.4f} (at most"
          f" {MOST_ERROR:.2f}), difference at best {lift:+.3f} (at least {LEAST_LIFT:.0f})")  # fmt: skip
    return bool(auc >= LEAST_AUC and error <= MOST_ERROR and lift >= LEAST_LIFT)


def lines(document: dict[str, Any], seconds: float) -> list[tuple[str, str]]:
    own, naive, lift, split = (document[part] for part in ("metrics", "baseline", "lift", "split"))
    money, sides = document["money"], document["sides"]
    return [
        ("data", f"scms deliveries, {document['data']['rows']:,} events known by {document['data']['as_of'][:10]}"),
        ("split", f"from {split['origin'][:10]}, {split['folds']} folds, {split['judged']:,} lines, "
                  f"{split['judged_yes']} late, {split['clusters']:,} clusters by {split['together']}"),
        ("AUC", f"{own['auc']:.4f} ({own['auc_interval'][0]:.3f} to {own['auc_interval'][1]:.3f})"),
        ("AUC, attributes only", f"{naive['auc']:.4f}"),
        ("AUC, base rate", f"{naive['base_rate']['auc']:.4f}"),
        ("difference", f"{lift['difference']:+.4f} ({span(lift['interval'])}), claimed: {lift['claimed']}"),
        ("average precision", f"{own['average_precision']:.3f} (attributes only {naive['average_precision']:.3f})"),
        ("log-loss", f"{own['log_loss']:.4f} (attributes only {naive['log_loss']:.4f}, "
                     f"base rate {naive['base_rate']['log_loss']:.4f})"),
        ("Brier", f"{own['brier']:.4f} (attributes only {naive['brier']:.4f})"),
        ("calibration error", f"{own['calibration_error']:.4f} (a perfect model: "
                              f"{own['calibration_floor_if_independent']:.3f} to {own['calibration_floor']:.3f})"),
        ("late money in top tenth", f"{money['by_expected_loss']:.1%} (by worth alone {money['by_worth']:.1%})"),
        *((f"promise on '{s['called']}'",
           f"from {s['line']:.3f}, {s['coverage']:.0%} of lines" if s["line"] else "never acts") for s in sides),
        *((f"precision on later folds, '{name}'",
           f"{kept['precision']:.3f} of {kept['subjects']:,} ({kept['coverage']:.0%} of lines)"
           if kept["subjects"] else "nobody") for name, kept in document["kept"].items()),
        ("rung", f"{document['model']['rung']}: {document['contest']['why']}"),
        *((f"  tried: {one['rung']}", f"loss {one['loss']:.4f}, worse by {one['worse']:.4f} ± {one['se']:.4f}")
          for one in document["contest"]["rungs"]),
        ("verdict", document["verdict"]),
        ("seconds, train and prove", f"{seconds:.1f}"),
    ]  # fmt: skip


def main() -> int:
    """Returns 1 when a limit is missed."""
    begun = time.perf_counter()
    facts = Facts.of(ledger(), KINDS)
    print(f"facts read in {time.perf_counter() - begun:.1f} s", flush=True)
    good = True
    for name, now in MOMENTS.items():
        begun = time.perf_counter()
        trained = engine.train(Prepared.of(ARRIVES_LATE, facts, now))
        seconds = time.perf_counter() - begun
        assert trained.proof is not None
        print(f"\n{name}")
        for label, value in lines(trained.proof.document, seconds):
            print(f"  {label:26} {value}")
        if name == JUDGED:
            good = held(trained.proof.document)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
