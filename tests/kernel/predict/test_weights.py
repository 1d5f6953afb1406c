"""Who stands for others counts for them: like so many copies in every figure, and never surer than unweighted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sightline.kernel.predict import engine, metrics, quantity
from sightline.kernel.predict._matrix import Floats, Rows
from sightline.kernel.predict._weights import independent, kish, mean_one, quantile
from sightline.kernel.predict.calibrate import calibrate
from sightline.kernel.predict.conform import conform
from sightline.kernel.predict.examples import Answers, Examples
from sightline.kernel.predict.models._quantiles import Around, quantiles
from sightline.kernel.predict.models.choose import choose, paired, quantity_losses
from sightline.kernel.predict.models.rung import Said
from sightline.kernel.predict.money import caught
from sightline.kernel.predict.naive import typical
from sightline.kernel.predict.prepare import Prepared
from sightline.kernel.predict.promise import effective, tails
from sightline.kernel.predict.scaling import scale
from sightline.kernel.predict.spread import Recent
from sightline.language.question import Question
from tests.kernel.predict.doubles import COMES, OFTEN, SOON, Asked, world

EXACT = 1e-12


@dataclass(frozen=True)
class Judged:
    """Made-up forecasts, answers, clusters and weights, aligned."""

    p: Floats
    yes: Floats
    clusters: Rows
    weights: Floats

    @property
    def odds(self) -> Floats:
        return np.log(self.p / (1 - self.p))

    @property
    def amount(self) -> Floats:
        """Of a quantity: what was forecast of who came to `came`."""
        return 10 * self.p

    @property
    def came(self) -> Floats:
        return np.round(3 * self.p + self.yes * (1 + self.clusters % 5))

    def copied(self) -> Judged:
        """Every one as many times as it weighs, each copy of weight one."""
        copies = np.repeat(np.arange(len(self.p)), self.weights.astype(int))
        return Judged(self.p[copies], self.yes[copies], self.clusters[copies], np.ones(len(copies)))

    def plain(self) -> Judged:
        """The same, all alike."""
        return replace(self, weights=np.ones(len(self.p)))


@st.composite
def judged(draw: st.DrawFn, least: int = 20, most: int = 120) -> Judged:
    size = draw(st.integers(least, most))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    p = rng.uniform(0.02, 0.98, size)
    yes = (rng.random(size) < p).astype(float)
    yes[:2] = (0.0, 1.0)
    clusters = rng.integers(0, max(2, size // draw(st.integers(1, 4))), size)
    return Judged(p, yes, clusters, rng.choice([1.0, 1.0, 2.0, 5.0, 10.0], size))


FIGURES = {
    "auc": lambda j: metrics.auc(j.p, j.yes, j.weights),
    "average precision": lambda j: metrics.average_precision(j.p, j.yes, j.weights),
    "brier": lambda j: metrics.brier(j.p, j.yes, j.weights),
    "calibration error": lambda j: metrics.calibration_error(j.p, j.yes, j.weights),
    "bins": lambda j: [float((j.yes[b] * held).sum()) for b, held in metrics.bins(j.p, j.weights)],
    "total ratio": lambda j: quantity.total_ratio(j.amount, j.came, j.weights),
    "concordance": lambda j: quantity.concordance(np.round(j.amount), j.came, j.weights),
    "money": lambda j: list((caught(j.p, j.yes, j.came, j.weights) or {"at_stake": 0}).values())[:5],
    "difference": lambda j: paired(j.p - j.yes, j.clusters, j.weights),
    "losses": lambda j: float(np.average(losses(j), weights=j.weights)),
    "usual": lambda j: [float(part[0]) for part in usual(j)],
    "calibration": lambda j: (lambda c: (c.slope, c.shift))(calibrate(j.odds, j.yes, j.weights, effective=15)),
    "factor": lambda j: scale(j.amount, j.came, j.clusters, j.weights, positive=True).factor,
    "shift": lambda j: scale(j.amount, j.came, j.clusters, j.weights, positive=False).shift,
    "quantile": lambda j: [quantile(j.came, level, j.weights) for level in (0.0, 0.05, 0.5, 0.71, 1.0)],
}
"""What is told of the judged: numbers, or lists of them."""


def losses(j: Judged) -> Floats:
    said = Said(score=j.amount, median=j.amount, low=j.amount - 2, high=j.amount + 2)
    return quantity_losses(said, j.came, j.weights)


def usual(j: Judged) -> tuple[Floats, ...]:
    said = typical(j.came, 1, j.weights)
    return said.score, cast(Floats, said.median), cast(Floats, said.low), cast(Floats, said.high)


@pytest.mark.parametrize("figure", FIGURES)
@settings(max_examples=25, deadline=None)
@given(judged())
def test_a_weight_is_worth_as_many_copies(figure: str, found: Judged) -> None:
    told: Any = FIGURES[figure]
    # The optimiser of the calibration stops where the slope is flat enough; all else is sums.
    close = 1e-4 if figure == "calibration" else 1e-9
    assert told(found) == pytest.approx(told(found.copied()), abs=close, rel=close, nan_ok=True)


@pytest.mark.parametrize("figure", FIGURES)
@settings(max_examples=10, deadline=None)
@given(judged())
def test_nothing_but_the_proportion_of_weights_counts_once_they_are_normalised(figure: str, found: Judged) -> None:
    told: Any = FIGURES[figure]
    one, two = (replace(found, weights=mean_one(found.weights * by)) for by in (1.0, 0.37))
    assert one.weights.mean() == pytest.approx(1)
    close = 1e-4 if figure == "calibration" else 1e-9
    assert told(one) == pytest.approx(told(two), abs=close, rel=close, nan_ok=True)


@settings(max_examples=25, deadline=None)
@given(judged())
def test_all_alike_are_what_they_are_without_weights(found: Judged) -> None:
    """Against the plain formulas."""
    j = found.plain()
    rows = np.array_split(np.argsort(j.p, kind="stable"), metrics.BINS)
    error = sum(len(b) * abs(j.yes[b].mean() - j.p[b].mean()) for b in rows if len(b)) / len(j.p)
    assert metrics.calibration_error(j.p, j.yes, j.weights) == pytest.approx(error, abs=EXACT)
    assert metrics.brier(j.p, j.yes, j.weights) == pytest.approx(((j.p - j.yes) ** 2).mean(), abs=EXACT)
    wins = (j.p[j.yes > 0][:, None] > j.p[j.yes == 0][None, :]).mean()
    assert metrics.auc(j.p, j.yes, j.weights) == pytest.approx(wins, abs=EXACT)
    levels = (0.05, 0.5, 0.95)
    plain = [j.came.mean(), *np.quantile(j.came, [0.5, 0.05, 0.95])]
    assert [float(part[0]) for part in usual(j)] == pytest.approx(plain, abs=EXACT)
    assert [quantile(j.came, q, j.weights) for q in levels] == pytest.approx(np.quantile(j.came, levels), abs=EXACT)
    assert kish(j.weights) == len(j.p)
    assert independent(j.clusters, j.weights) == len(np.unique(j.clusters))
    for tail in tails(j.p, j.yes, j.clusters)["yes"]:
        beyond = j.p >= tail.line
        assert (tail.precision, tail.coverage) == pytest.approx((j.yes[beyond].mean(), beyond.mean()), abs=EXACT)
    ranked = np.sort(j.p)[::-1]
    lines = {float(ranked[max(0, int(len(j.p) * step / 50) - 1)]) for step in range(1, 51)}
    assert [one.line for one in tails(j.p, j.yes, j.clusters)["yes"]] == sorted(
        (line for line in lines if line >= 0.5), reverse=True
    )


@settings(max_examples=40, deadline=None)
@given(judged())
def test_the_promise_reads_copies_and_is_no_surer_for_weights(found: Judged) -> None:
    weighed, copied = (
        {tail.line: tail for tail in tails(j.p, j.yes, j.clusters, 0.8, j.weights)["yes"]}
        for j in (found, found.copied())
    )
    for line in weighed.keys() & copied.keys():
        one, two = weighed[line], copied[line]
        assert (one.precision, one.coverage) == pytest.approx((two.precision, two.coverage), abs=EXACT)
        assert one.bound <= two.bound + EXACT
        assert two.enough or not one.enough
    for hits in (found.yes, np.ones(len(found.yes))):
        ones = np.ones(len(hits))
        assert effective(hits, found.clusters, found.weights) <= effective(hits, found.clusters, ones) + EXACT
        assert effective(hits, np.arange(len(hits)), found.weights) <= kish(found.weights) + 1e-9


@settings(max_examples=40, deadline=None)
@given(judged(least=3, most=30))
def test_intervals_are_no_narrower_than_of_copies(found: Judged) -> None:
    """The next one weighs more than one copy: a little farther out."""
    found = replace(found, weights=np.minimum(found.weights, 2.0))
    copied = found.copied()
    assume(len(copied.p) <= 40)
    one, two = (conform(j.amount - 1, j.amount + 1, j.came, j.weights) for j in (found, copied))
    assert one.usual == pytest.approx(two.usual)
    assert one.low >= two.low - 1e-9
    assert one.high >= two.high - 1e-9


def test_intervals_of_a_drifting_quantity_hold_the_weighted_share() -> None:
    """Where who stands for ten is off three times as far, intervals are as wide as among those it stands for."""
    rng = np.random.default_rng(4)
    heavy = rng.random(3000) < 0.1
    answers = rng.normal(size=3000) * np.where(heavy, 3.0, 1.0)
    ends = np.full(3000, -1.0), np.full(3000, 1.0)
    weights = np.where(heavy, 10.0, 1.0)
    found, plain = (conform(*ends, answers, given_) for given_ in (weights, None))
    low, high = found(ends[0][:1], np.zeros(1), ends[1][:1])
    inside = (answers >= low) & (answers <= high)
    assert np.average(inside, weights=weights) == pytest.approx(0.9, abs=0.03)
    assert found.high > plain.high


@settings(max_examples=15, deadline=None)
@given(judged(least=60, most=300))
def test_how_far_off_a_probability_may_be_is_no_surer_for_weights(found: Judged) -> None:
    never = np.zeros(len(found.p))
    one, two = (Recent.of(found.p, never, found.clusters, w) for w in (found.weights, None))
    asked = np.linspace(0.05, 0.95, 7)
    (low, high), (low_2, high_2) = one.interval(asked), two.interval(asked)
    assert (high - low >= high_2 - low_2 - 1e-9).all()
    assert len(two.document()) == 3
    again = Recent.read(one.document())
    assert np.array_equal(again.weights, one.weights)
    assert np.array_equal(again.interval(asked), one.interval(asked))
    assert np.array_equal(Recent.read(two.document()).weights, np.ones(len(never)))


@settings(max_examples=20, deadline=None)
@given(judged())
def test_the_contest_counts_weights(found: Judged) -> None:
    told = {"prior": np.abs(found.yes - 0.5), "logistic": np.abs(found.yes - found.p)}
    copies = found.copied()
    repeated = {"prior": np.abs(copies.yes - 0.5), "logistic": np.abs(copies.yes - copies.p)}
    one, two = choose(told, found.clusters, found.weights), choose(repeated, copies.clusters)
    assert (one.rung, one.best) == (two.rung, two.best)
    for mine, other in zip(one.contest, two.contest, strict=True):
        assert (mine.loss, mine.worse, mine.error) == pytest.approx((other.loss, other.worse, other.error), abs=1e-9)


@dataclass(frozen=True)
class Acted(Asked):
    """Examples of which some were acted upon, and others stand for those."""

    weights: Floats | None = None

    def answers(self, at: Any) -> Answers:
        found = super().answers(at)
        assert self.weights is not None
        return replace(found, value=np.where(self.weights > 0, found.value, np.nan), weight=np.maximum(self.weights, 1))


def acted(prepared: Prepared, *, pull: Floats) -> Prepared:
    """Nine in ten of those at risk were acted upon and left out; the tenth stands for them."""
    risky = pull > np.median(pull)
    kept = np.random.default_rng(8).random(len(pull)) < 0.1
    weights = np.where(risky, np.where(kept, 10.0, 0.0), 1.0)
    asked = cast(Asked, prepared.asked)
    made = Acted(asked.question, asked.eligible, asked.truth, asked.observed, asked.revised, weights)
    return replace(prepared, asked=cast(Examples, made))


@dataclass(frozen=True)
class Alone(Acted):
    """The same left out, nobody standing for anybody."""

    def answers(self, at: Any) -> Answers:
        found = super().answers(at)
        return replace(found, weight=np.ones(len(found.weight)))


def document(prepared: Prepared) -> dict[str, Any]:
    found = engine.train(prepared, budget=1e6).proof
    assert found is not None
    return dict(found.document)


def proofs(question: Question) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Of a world without acting, with acting and weights, and with acting as if nobody stood for anybody."""
    whole = world(question, 6000)
    part = acted(whole, pull=np.asarray(whole.matrix.values[:, 0], float))
    made = cast(Acted, part.asked)
    alone = Alone(made.question, made.eligible, made.truth, made.observed, made.revised, made.weights)
    return document(whole), document(part), document(replace(part, asked=cast(Examples, alone)))


def came(told: dict[str, Any], question: Question) -> float:
    """What came on average, as the proof says."""
    groups = told["reliability"] if question.chance else told["calibration"]
    many = [one["subjects"] for one in groups]
    return float(np.average([one["share_yes" if question.chance else "mean_answer"] for one in groups], weights=many))


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("question", [COMES, OFTEN, SOON], ids=lambda one: one.name)
def test_a_proof_speaks_of_all_who_are_decided_about(question: Question) -> None:
    """With the weights its figures are those of the whole; without them of the harmless that are left."""
    found = proofs(question)
    whole, weighed, alone = (came(told, question) for told in found)
    assert abs(weighed - whole) < 0.05 * whole
    assert abs(alone - whole) > 0.1 * whole
    name = "auc_interval" if question.chance else "mae_interval"
    widths = [high - low for low, high in (told["metrics"][name] for told in found)]
    assert widths[1] > widths[2] > widths[0]
    if not question.chance:
        assert abs(found[1]["metrics"]["coverage"] - found[0]["metrics"]["coverage"]) < 0.03


@settings(max_examples=25, deadline=None)
@given(judged(least=30, most=59))
def test_the_answers_about_a_mean_count_weights(found: Judged) -> None:
    """The middle is that of copies, and the ends lie no nearer."""
    low, middle, high = (quantiles(found.came, q, found.weights) for q in (0.05, 0.5, 0.95))
    copied = found.copied().came
    assert middle == quantiles(copied, 0.5)
    assert low <= quantiles(copied, 0.05)
    assert high >= quantiles(copied, 0.95)
    around = Around.fit(np.ones(len(found.p)), found.came, found.weights, floor=None)
    assert around.quantiles[:, 0].tolist() == [low, middle, high]
