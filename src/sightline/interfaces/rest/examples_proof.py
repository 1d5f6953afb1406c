"""The example of a proof, cut to one item of each list."""

from __future__ import annotations

from typing import Any

PROOF: dict[str, Any] = {
    "question": "supply.arrives_late",
    "asks": "Will this order line be undelivered on the day it was promised?",
    "form": "chance",
    "answer": "absent",
    "unit": None,
    "verdict": "use_above",
    "headline": "Ranks late lines well (AUC .83); never acts by itself on late.",
    "metrics": {
        "auc": 0.83,
        "auc_interval": [0.81, 0.85],
        "average_precision": 0.49,
        "brier": 0.08,
        "log_loss": 0.27,
        "calibration_error": 0.04,
        "calibration_floor": 0.03,
    },
    "baseline": {"auc": 0.82},
    "lift": {
        "difference": 0.01,
        "interval": [-0.007, 0.026],
        "claimed": False,
        "log_loss_over_base_rate_interval": [0.05, 0.09],
    },
    "split": {
        "how": "rolling origin",
        "origin": "2012-01-01T00:00:00Z",
        "until": "2015-01-01T00:00:00Z",
        "folds": 36,
        "judged": 5120,
        "judged_yes": 590,
        "clusters": 870,
        "together": "shipment",
    },
    "assumptions": [
        "Known from order.sent on; where nothing dates that, assumed to have been known from the start: vendor."
    ],
    "never_acts": ["late"],
    "sides": [
        {
            "side": "no",
            "called": "on time",
            "promise": 0.95,
            "line": 0.88,
            "precision": 0.97,
            "bound": 0.955,
            "coverage": 0.61,
        }
    ],
    "lines": {"no": [{"line": 0.88, "precision": 0.97, "bound": 0.955, "coverage": 0.61, "enough": True}]},
    "money": {
        "top": 0.1,
        "at_stake": 18250000.0,
        "by_expected_loss": 0.52,
        "by_worth": 0.38,
        "at_random": 0.1,
        "curve": [{"subjects": 0.1, "by_expected_loss": 0.52, "by_worth": 0.38}],
    },
    "population": {"trainable": 8700, "open": 98, "later": 700, "excluded": {"answered_before_cutoff": 841}},
    "folds": [
        {
            "from": "2012-01-01T00:00:00Z",
            "until": "2012-01-31T23:59:59.999999Z",
            "trained_on": 3580,
            "asked": 140,
            "yes": 17,
            "auc": 0.81,
            "auc_attributes": 0.79,
        }
    ],
    "reliability": [{"mean_probability": 0.31, "share_yes": 0.29, "subjects": 512}],
    "sure_and_wrong": [
        {
            "subject": "line/82108",
            "cutoff": "2014-12-15T00:00:00Z",
            "probability": 0.04,
            "answer": "late",
            "worth": 128400.0,
        }
    ],
    "contest": {
        "chosen": "boosted",
        "why": "'boosted' was off by the least before the origin, and nothing simpler was within noise of it.",
        "rungs": [
            {"rung": "prior", "loss": 0.36, "worse": 0.09, "error": 0.011, "within": False, "examples": 1840},
            {"rung": "boosted", "loss": 0.27, "worse": 0.0, "error": 0.0, "within": True, "examples": 1840},
        ],
        "untried": [],
    },
    "segments": [
        {
            "feature": "mode",
            "of": "shipment mode",
            "values": [
                {"value": "Ocean", "subjects": 371, "share_yes": 0.19, "auc": 0.79, "calibration_error": 0.06},
                {"value": "Air", "subjects": 2410, "share_yes": 0.08, "auc": 0.82, "calibration_error": 0.03},
            ],
        }
    ],
    "champion": None,
    "notes": [],
    "leaks": {
        "checked": 212,
        "limit": 0.95,
        "suspicious": [],
        "strongest": [{"feature": "country", "group": "attribute", "by": "value", "auc": 0.71}],
        "left_out": [{"feature": "weight", "evidence": "Filled only once the answer is known.", "admitted": None}],
    },
    "model": {
        "version": "9f86d081884c7d65",
        "rung": "boosted",
        "trained_on": 8700,
        "yes": 1010,
        "features": 212,
        "boosters": 5,
    },
    "data": {"rows": 10324, "last_position": 41322, "as_of": "2015-01-01T00:00:00Z"},
}
