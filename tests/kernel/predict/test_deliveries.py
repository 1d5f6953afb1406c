"""The shipped deliveries, end to end: who is asked, and a small model that learns, proves, scores and explains."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from sightline.kernel.predict import engine
from sightline.kernel.predict.examples import Examples, examples
from sightline.kernel.predict.facts import Facts
from sightline.kernel.predict.population import population
from sightline.kernel.predict.prepare import Prepared
from sightline.language.errors import Cancelled, Unprovable
from sightline.language.proof import Verdict
from sightline.packs.supply.predict import ARRIVES_LATE
from tests.kernel.predict.deliveries import KINDS, ledger

pytestmark = pytest.mark.usefixtures("short")

TODAY = datetime(2015, 1, 1, tzinfo=UTC)
EARLY = datetime(2010, 9, 1, tzinfo=UTC)
"""A day by which some 3,000 lines are mature: enough to learn from, little enough to be quick."""


@pytest.fixture(scope="module")
def lake() -> pl.DataFrame:
    return ledger()


@pytest.fixture(scope="module")
def facts(lake: pl.DataFrame) -> Facts:
    return Facts.of(lake, KINDS)


@pytest.fixture(scope="module")
def asked(facts: Facts) -> Examples:
    return examples(ARRIVES_LATE, facts)


@pytest.fixture(scope="module")
def trained(facts: Facts, short: None) -> engine.Trained:
    return engine.train(Prepared.of(ARRIVES_LATE, facts, EARLY), seed=3)


def test_who_is_asked(asked: Examples) -> None:
    reasons = dict(asked.frame["reason"].drop_nulls().value_counts().rows())
    assert asked.eligible.height == 9_213
    assert reasons == {"answered_before_cutoff": 841, "unborn_at_cutoff": 270}
    assert asked.frame["also_unknown"].sum() == 1


def test_where_everybody_stands_on_a_day(facts: Facts, asked: Examples) -> None:
    known = facts.until(TODAY)
    standing = population(examples(ARRIVES_LATE, known), known, TODAY)
    counts = standing.counts()
    assert (counts["open"], counts["later"], counts["overdue"]) == (98, 718, 6)
    answers = asked.labelled(datetime(2016, 6, 1, tzinfo=UTC)).select("key", "value")
    assert standing.open.join(answers, on="key")["value"].sum() == 26


def test_what_a_late_day_adds_changes_no_earlier_model(lake: pl.DataFrame, trained: engine.Trained) -> None:
    by_then = Facts.of(lake.filter(pl.col("known_at") <= EARLY).sample(fraction=1, shuffle=True, seed=1), KINDS)
    again = engine.train(Prepared.of(ARRIVES_LATE, by_then, EARLY), seed=3)
    assert again.version == trained.version
    assert again.proof is not None
    assert trained.proof is not None
    assert again.proof.document == trained.proof.document


def test_another_seed_is_another_model(facts: Facts, trained: engine.Trained) -> None:
    assert engine.train(Prepared.of(ARRIVES_LATE, facts, EARLY), seed=4).version != trained.version


def test_the_proof_is_whole(trained: engine.Trained) -> None:
    assert trained.proof is not None
    document = json.loads(json.dumps(trained.proof.document, allow_nan=False))
    figures = {
        "auc",
        "auc_interval",
        "average_precision",
        "brier",
        "log_loss",
        "calibration_error",
        "calibration_floor",
    }
    assert figures <= set(document["metrics"])
    assert {"difference", "interval", "claimed"} <= set(document["lift"])
    low, high = document["metrics"]["auc_interval"]
    assert low <= document["metrics"]["auc"] <= high
    assert document["baseline"]["auc"] == pytest.approx(document["metrics"]["auc"] - document["lift"]["difference"])
    assert document["lift"]["claimed"] is (document["lift"]["interval"][0] > 0)
    assert document["never_acts"] == list(trained.proof.never_acts)
    assert document["headline"]
    assert any("vendor" in one for one in document["assumptions"])
    assert all(fold["trained_on"] > 0 for fold in document["folds"])


def test_scores_survive_being_stored(facts: Facts, trained: engine.Trained) -> None:
    now = EARLY + timedelta(days=20)
    stored = engine.Trained.load(json.loads(json.dumps(trained.document)))
    one, two = (engine.score(each, Prepared.of(ARRIVES_LATE, facts, now)) for each in (trained, stored))
    assert one == two
    assert one.predictions
    ranks = [p.expected_loss for p in one.predictions]
    assert ranks == sorted(ranks, key=lambda loss: -(loss or 0))
    for prediction in one.predictions:
        assert prediction.low <= prediction.probability <= prediction.high
        assert prediction.cutoff <= now <= prediction.deadline
        assert prediction.reasons


def test_a_prediction_does_not_age(facts: Facts, trained: engine.Trained) -> None:
    """As of its own cutoff: asked again ten days on, whoever is still open gets the same answer."""
    first, second = (
        engine.score(trained, Prepared.of(ARRIVES_LATE, facts, EARLY + timedelta(days=d))).predictions for d in (10, 20)
    )
    said = {p.subject: p for p in first}
    both = [p for p in second if p.subject in said]
    assert len(both) > 10
    for p in both:
        before = said[p.subject]
        # Sums of products over more rows may differ in the last digit.
        assert p.probability == pytest.approx(before.probability, abs=1e-12)
        assert [(one.text, one.features) for one in p.reasons] == [(one.text, one.features) for one in before.reasons]


def test_an_unusable_model_says_nothing(facts: Facts, trained: engine.Trained) -> None:
    scored = engine.score(trained, Prepared.of(ARRIVES_LATE, facts, EARLY), usable=False)
    assert scored.predictions == []
    assert scored.population["counts"]["open"] > 0


def test_too_little_history_is_said_not_raised(facts: Facts) -> None:
    now = datetime(2006, 9, 1, tzinfo=UTC)
    trained = engine.train(Prepared.of(ARRIVES_LATE, facts, now))
    assert trained.proof is not None
    assert trained.proof.verdict is Verdict.DO_NOT_USE
    assert "Too little" in trained.proof.document["headline"]
    for prediction in engine.score(trained, Prepared.of(ARRIVES_LATE, facts, now)).predictions:
        assert prediction.low < prediction.probability < prediction.high
        assert "too little" in prediction.reasons[0].text


def test_nothing_at_all_is_no_error(lake: pl.DataFrame) -> None:
    trained = engine.train(Prepared.of(ARRIVES_LATE, Facts.of(lake.head(0), KINDS), TODAY))
    assert trained.proof is not None
    assert trained.proof.verdict is Verdict.DO_NOT_USE
    assert engine.score(trained, Prepared.of(ARRIVES_LATE, Facts.of(lake.head(0), KINDS), TODAY)).predictions == []


def test_training_can_be_stopped(facts: Facts) -> None:
    with pytest.raises(Cancelled):
        engine.train(Prepared.of(ARRIVES_LATE, facts, EARLY), cancelled=lambda: True)


def test_a_model_of_another_form_is_refused(trained: engine.Trained) -> None:
    with pytest.raises(Unprovable, match="Train the question again"):
        engine.Trained.load({**trained.document, "form": 99})
    with pytest.raises(Unprovable, match="Train the question again"):
        engine.Trained.load({**trained.document, "model": {"rung": "boosted", "boosters": ["nonsense"]}})
