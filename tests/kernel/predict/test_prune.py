"""What is worth its time: nothing constant, nothing twice, no family that does not pay, not too many."""

from __future__ import annotations

import numpy as np
import pytest

from sightline.kernel.predict._matrix import Floats, Matrix, Rows
from sightline.kernel.predict._spec import Group, Spec
from sightline.kernel.predict.examples import examples
from sightline.kernel.predict.facts import Facts
from sightline.kernel.predict.features import features
from sightline.kernel.predict.limits import decided
from sightline.kernel.predict.models.rung import Task
from sightline.kernel.predict.prune import learnable, prune, pruned
from tests.kernel.predict.histories import DONE, KINDS
from tests.kernel.predict.test_leaks import NOW, frame, noise, things

CHANCE, QUANTITY = Task(chance=True, form="happens"), Task(chance=False, form="total")
SIZE = 1_200


def matrix(columns: dict[str, tuple[Group, Floats]]) -> Matrix:
    specs = [Spec(name=name, group=group, of=(name,), measure="value") for name, (group, _) in columns.items()]
    values = np.column_stack([values for _, values in columns.values()]).astype(np.float32)
    return Matrix(specs=tuple(specs), values=values, vocabulary={})


def made() -> tuple[Matrix, Rows, Floats]:
    """Two columns that tell, one of them again and again, much noise, and nothing at all."""
    rng = np.random.default_rng(4)
    size, rate = rng.normal(size=SIZE), rng.normal(size=SIZE)
    told = (rng.random(SIZE) < 1 / (1 + np.exp(-2 * size - 2 * rate))).astype(float)
    rare = np.where(np.arange(SIZE) % 400 == 0, 1.0, np.nan)
    columns = {
        "rate again": (Group.LINK, np.exp(rate)),
        "size": (Group.ATTRIBUTE, size),
        "rate": (Group.OWN, rate),
        "constant": (Group.OWN, np.ones(SIZE)),
        "rare": (Group.OWN, rare),
        "missing": (Group.FAR, np.full(SIZE, np.nan)),
        "less of it": (Group.LINK, np.where(np.arange(SIZE) % 3 == 0, np.nan, rate)),
        **{f"far {n}": (Group.FAR, rng.normal(size=SIZE)) for n in range(30)},
    }
    return matrix(columns), np.arange(SIZE), told


def test_what_cannot_be_learned_and_what_is_there_twice_goes() -> None:
    found = pruned(*made(), CHANCE)
    assert set(found.useless) == {"constant", "rare", "missing"}
    assert found.redundant == {"rate again": "rate"}
    assert "size" in {spec.name for spec in found.matrix.specs}
    assert "rate" in {spec.name for spec in found.matrix.specs}


def test_a_family_that_tells_nothing_goes_as_a_whole() -> None:
    found = pruned(*made(), CHANCE)
    assert Group.FAR in found.families
    assert Group.OWN not in found.families


def test_the_strongest_stay_under_the_cap_and_the_subjects_own_always() -> None:
    whole, rows, _ = made()
    told = (whole.values[:, 1] + whole.values[:, 2]).astype(np.float64)
    assert {spec.name for spec in prune(whole, rows, told, QUANTITY, cap=2).specs} == {"size", "rate"}
    assert [spec.name for spec in prune(whole, rows, told, QUANTITY, cap=0).specs] == ["size"]


def test_the_order_and_the_values_stay_and_the_same_seed_says_the_same() -> None:
    whole, rows, told = made()
    one, two = prune(whole, rows, told, CHANCE), prune(whole, rows, told, CHANCE)
    assert one.specs == two.specs
    names = [spec.name for spec in whole.specs]
    assert [names.index(spec.name) for spec in one.specs] == sorted(names.index(spec.name) for spec in one.specs)
    at = [names.index(spec.name) for spec in one.specs]
    np.testing.assert_array_equal(one.values, whole.values[:, at])


def test_too_few_examples_decide_nothing() -> None:
    whole, rows, told = made()
    assert prune(whole, rows[:50], told[:50], CHANCE) is whole


@pytest.mark.parametrize("answer", [0.0, 1.0])
def test_one_answer_alone_decides_on_what_is_useless_and_double_only(answer: float) -> None:
    whole, rows, _ = made()
    found = pruned(whole, rows, np.full(SIZE, answer), CHANCE, cap=5)
    assert (found.families, found.weak) == ((), ())
    assert found.useless


def test_only_what_was_answered_before_the_origin_is_learned_from() -> None:
    facts = Facts.of(frame(things(noise)), KINDS).until(NOW)
    asked = examples(DONE, facts)
    origin = decided(asked, NOW)
    rows, answers = learnable(asked, origin)
    assert origin < NOW
    assert (asked.eligible["matures_at"][rows] <= origin).all()
    assert len(rows) == len(answers) > 200
    table = features(DONE, asked, facts)
    left = prune(Matrix.of(table.frame, table.specs), rows, answers, CHANCE)
    assert 0 < len(left.specs) < len(table.specs)
