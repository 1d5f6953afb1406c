"""Train, store, score, explain: every kind of answer, and whatever is odd about the data."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sightline.kernel.predict import engine, what_if
from sightline.kernel.predict._matrix import Matrix
from sightline.kernel.predict._spec import Group, Spec
from sightline.kernel.predict.prepare import Prepared
from sightline.language.errors import Invalid, NotFound, Unprovable
from sightline.language.prediction import Prediction
from sightline.language.proof import Verdict
from sightline.language.question import Question, days
from tests import conftest
from tests.kernel.predict.doubles import COMES, FLAT, OFTEN, SOON, answered, population, world

pytestmark = pytest.mark.usefixtures("short")

PATIENT = 1e6
EVERY = [COMES, OFTEN, SOON, FLAT]


def trained(prepared: Prepared, **given: Any) -> engine.Trained:
    return engine.train(prepared, budget=PATIENT, **given)


def document(prepared: Prepared, **given: Any) -> dict[str, Any]:
    found = trained(prepared, **given).proof
    assert found is not None
    told: dict[str, Any] = json.loads(json.dumps(found.document, allow_nan=False))
    assert told["headline"]
    return told


@pytest.mark.parametrize("question", EVERY, ids=lambda q: q.name)
def test_what_is_stored_says_the_same(question: Question) -> None:
    prepared = world(question, 400)
    one = trained(prepared)
    two = engine.Trained.load(json.loads(json.dumps(one.document)))
    first, second = (engine.score(each, prepared).predictions for each in (one, two))
    assert first == second
    assert len(first) == 100
    ranks = [one.expected_loss or 0 for one in first]
    assert ranks == sorted(ranks, reverse=True)
    for prediction in first:
        _is_whole(prediction, chance=question.chance)


def _is_whole(prediction: Prediction, *, chance: bool) -> None:
    assert prediction.reasons
    if chance:
        assert prediction.quantity is prediction.mean is None
        assert prediction.probability is not None
        assert 0 < prediction.low <= prediction.probability <= prediction.high < 1
    else:
        assert prediction.probability is None
        assert prediction.quantity is not None
        assert prediction.mean is not None
        assert 0 <= prediction.low <= prediction.quantity <= prediction.high


@pytest.mark.parametrize("question", EVERY, ids=lambda q: q.name)
def test_signal_is_used_and_noise_is_not(question: Question) -> None:
    assert document(world(question, 700))["verdict"] != Verdict.DO_NOT_USE.value
    assert document(world(question, 700, signal=0.0))["verdict"] == Verdict.DO_NOT_USE.value


@pytest.mark.parametrize("question", EVERY, ids=lambda q: q.name)
def test_shares_sum_to_what_is_told(question: Question) -> None:
    prepared = world(question, 400)
    found = trained(prepared)
    rows = np.arange(350, 400)
    names, shares = engine.shares(found, prepared.matrix.rows(rows))
    assert shares.shape == (50, len(names) + 1)
    value, sums = found.tell(prepared.matrix.rows(rows)).value, shares.sum(axis=1)
    assert value == pytest.approx(1 / (1 + np.exp(-sums)) if question.chance else sums, abs=1e-4)


def test_only_the_first_are_explained_and_the_rest_on_reading() -> None:
    prepared = world(COMES, 400)
    found = trained(prepared)
    some = engine.score(found, prepared, reasons_for_top=3).predictions
    assert [bool(one.reasons) for one in some] == [True] * 3 + [False] * 97
    last = int(some[-1].subject.key[1:])
    row = prepared.matrix.rows(np.array([last]))
    why = engine.explain(found, prepared.question, prepared.kind, row)[0]
    assert why == engine.score(found, prepared).predictions[-1].reasons


def test_what_if_is_what_a_subject_with_those_attributes_would_be_told() -> None:
    prepared = world(COMES, 400)
    found = trained(prepared)
    other = prepared.matrix.values[[399]].copy()
    other[0, :2] = (2.5, 2.0)
    alike = Matrix(specs=prepared.matrix.specs, values=other, vocabulary=prepared.matrix.vocabulary)
    told = engine.what_if(found, prepared, 399, {"size": 2.5, "colour": "red"}).value
    assert told == pytest.approx(found.tell(alike).value)
    assert engine.what_if(found, prepared, 399, {"colour": "never seen"}).value.shape == (1,)
    with pytest.raises(NotFound, match="Known: colour, size"):
        engine.what_if(found, prepared, 399, {"weight": 1.0})
    with pytest.raises(Invalid, match="cannot be 'large'"):
        engine.what_if(found, prepared, 399, {"size": "large"})


def test_what_does_not_reach_the_model_is_told() -> None:
    prepared = world(COMES, 400)
    found = trained(prepared)
    assert what_if.notes(found, prepared, ["size"]) == ()
    reads = sorted(set(found.document["features"]) - {"attribute.size"})
    less = replace(found, document={**found.document, "features": [*reads, "link.firm.yes"]})
    along = Spec(name="link.firm.yes", group=Group.LINK, of=("firm",), measure="yes")
    matrix = replace(prepared.matrix, specs=(*prepared.matrix.specs, along))
    told = what_if.notes(less, replace(prepared, matrix=matrix), ["size", "firm"])
    assert [one.partition(":")[0] for one in told[:2]] == [
        "The model on duty does not read size", "The model on duty does not read firm"
    ]  # fmt: skip
    assert "of the past of its firm" in told[2]


def test_hints_say_what_another_choice_alone_would_do() -> None:
    prepared = world(COMES, 600)
    found = trained(prepared)
    for row, told in zip((597, 598), engine.hints(found, prepared, np.array([597, 598])), strict=True):
        assert told
        changes = [abs(hint.after - hint.before) for hint in told]
        assert changes == sorted(changes, reverse=True)
        for hint in told:
            after = engine.what_if(found, prepared, row, {hint.attribute: hint.value}).value[0]
            assert hint.after == pytest.approx(after)
            assert "the chance of 'comes' would be" in hint.text


def test_what_takes_long_is_tried_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conftest, "SHORT", {"prior", "catboost"})
    prepared = world(COMES, 400)
    for given, tried in (({}, []), ({"extras": True}, ["prior", "catboost"])):
        contest = document(prepared, **given)["contest"]
        assert [one["rung"] for one in contest["rungs"]] == tried


def test_a_few_rows_are_the_prior_with_a_wide_interval_and_a_sentence() -> None:
    for question in (COMES, OFTEN, SOON):
        prepared = world(question, 5)
        found = trained(prepared)
        assert found.proof is not None
        assert found.proof.verdict is Verdict.DO_NOT_USE
        assert found.model.name == "prior"
        assert "Too little to learn from" in found.proof.document["headline"]
        assert any("Only 5 answers are known" in note for note in found.proof.document["notes"])
        predictions = engine.score(found, prepared).predictions
        assert len(predictions) == 5
        assert all(one.high - one.low > (0.2 if question is COMES else 1) for one in predictions)


@pytest.mark.parametrize("question", EVERY, ids=lambda q: q.name)
def test_answers_that_are_all_the_same_are_no_error(question: Question) -> None:
    told = document(answered(world(question, 300), np.ones(300)))
    assert told["verdict"] == Verdict.DO_NOT_USE.value
    assert any("are the same" in note for note in told["notes"])


@pytest.mark.parametrize("question", EVERY, ids=lambda q: q.name)
def test_nothing_known_of_anybody_is_no_error(question: Question) -> None:
    prepared = world(question, 300)
    blank = Matrix(
        specs=prepared.matrix.specs, values=np.full_like(prepared.matrix.values, np.nan),
        vocabulary=prepared.matrix.vocabulary,
    )  # fmt: skip
    told = document(replace(prepared, matrix=blank))
    assert told["verdict"] == Verdict.DO_NOT_USE.value
    assert "all features are missing" in " ".join(told["notes"])


def test_a_time_longer_than_the_history_is_said() -> None:
    prepared = world(COMES, 300)
    told = document(replace(prepared, now=prepared.asked.eligible["cutoff"][20]))
    assert told["verdict"] == Verdict.DO_NOT_USE.value
    assert "it is waited for 35 days, and the history of those asked reaches back 20 days" in " ".join(told["notes"])


def test_an_answer_known_before_it_is_asked_for_is_said() -> None:
    prepared = world(COMES, 3)
    none = population(prepared.asked.eligible, prepared.now, answered_before_cutoff=500)
    told = document(replace(prepared, population=none))
    assert "the answer is known before they are asked" in " ".join(told["notes"])


def test_nobody_at_all_is_no_error() -> None:
    for question in EVERY:
        prepared = world(question, 0)
        found = trained(prepared)
        assert engine.score(found, prepared).predictions == []


def test_a_champion_is_compared_where_it_is_news_to_both() -> None:
    prepared = world(COMES, 900)
    early = replace(prepared, now=prepared.asked.eligible["cutoff"][600])
    old = trained(early)
    told = document(prepared, champion=old.document)["champion"]
    assert told["version"] == old.version
    assert 0 < told["judged"] <= 300
    assert told["interval"][0] <= told["difference"] <= told["interval"][1]
    recent = replace(prepared, now=prepared.now - days(1))
    assert document(prepared, champion=trained(recent).document)["champion"]["interval"] is None
    assert document(prepared, champion={"form": 1})["champion"] is None


@pytest.mark.parametrize(
    "damage",
    [{"form": 99}, {"model": {"rung": "boosted", "boosters": ["nonsense"]}}, {"model": {}}, {"calibration": {}},
     {"task": {"colour": "red"}}, {"recent": [[0.1]]}],
)  # fmt: skip
def test_a_damaged_model_is_refused(damage: dict[str, Any]) -> None:
    found = trained(world(COMES, 60))
    with pytest.raises(Unprovable, match="Train the question again"):
        engine.Trained.load({**found.document, **damage})


@pytest.mark.parametrize("at", [("model", "base"), ("calibration", "chance", "slope"), ("trained_on",)])
def test_a_model_whose_numbers_were_changed_is_refused(at: tuple[str, ...]) -> None:
    found = trained(world(COMES, 300))
    document = json.loads(json.dumps(found.document))
    assert engine.Trained.load(document).version == found.version
    part = document
    for name in at[:-1]:
        part = part[name]
    name = at[-1] if at[-1] in part else next(n for n, v in part.items() if isinstance(v, float))
    part[name] = -1.5
    with pytest.raises(Unprovable, match="not as it was written"):
        engine.Trained.load(document)


def test_the_document_tells_what_the_model_was_made_of() -> None:
    one, two, other = (trained(world(COMES, 300, seed=seed)) for seed in (0, 0, 1))
    assert one.version == two.version
    assert one.document["fingerprint"] == two.document["fingerprint"] != other.document["fingerprint"]
    assert one.document["position"] == 300
    assert "attribute.size" in one.document["features"]
    assert trained(world(COMES, 300), seed=1).version != one.version
