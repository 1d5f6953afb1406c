"""Which choice for whom, on what others logged: measured by `python -m benchmarks.effect choice uplift policy`.

`choice`: which of three mails for whom, learned as it goes, replayed on mails that were sent by lot (Li, Chu, Langford
and Wang 2011): whatever was chosen counts where the lot had sent the same. `uplift`: whom a mail moves, learned on one
half and judged on the other. `policy`: what one way of choosing brought, told from the log of the other, in both
directions, on the sample of the Open Bandit data (Saito et al. 2020).
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from benchmarks.answers.rows import Row
from sightline.kernel.learn.policies import Log, Value, doubly_robust, ips, snips
from sightline.kernel.learn.uplift import Qini, Trial, apart, qini, robust
from sightline.kernel.predict.choosing import FLOOR, Belief, propensities

Floats = npt.NDArray[np.float64]
MAILS = "Hillstrom's mails (real, drawn by lot), 64,000 people"
CLICKS = "Open Bandit (real), the sample of 10,000 decisions each"
SEGMENTS = ("No E-Mail", "Womens E-Mail", "Mens E-Mail")
ORDERS = 10
PORTION = 500
"""Rewards come in so many at a time."""

TOLD = 100
"""Decisions of its own that a log has to be worth: by fewer an interval holds whatever one likes."""

SHRUNK = 300.0
"""Decisions of the average that an item's rate of clicks begins with."""


def data(name: str) -> pl.DataFrame:
    """A file of what may not ship. Raises FileNotFoundError where it is not there."""
    path = Path(os.environ.get("SIGHTLINE_DATA", "")) / name
    if not path.exists():
        raise FileNotFoundError(2, "No such file", name)
    return pl.read_csv(path, infer_schema_length=None)


def hillstrom() -> pl.DataFrame:
    """The mails."""
    return data("uplift/hillstrom/hillstrom.csv")


def known_before(mails: pl.DataFrame) -> Floats:
    """What was known of each before the mail, as numbers: rows by columns, a constant first."""
    plain = mails.select(pl.lit(1.0), "recency", pl.col("history").log1p(), "mens", "womens", "newbie")
    classes = mails.select("zip_code", "channel").to_dummies(drop_first=True)
    return np.hstack([plain.to_numpy(), classes.to_numpy()]).astype(np.float64)


def choice() -> list[Row]:
    """A bandit of three mails, on ten orders of the people."""
    mails = hillstrom()
    features = known_before(mails)
    features[:, 1:] = (features[:, 1:] - features[:, 1:].mean(axis=0)) / features[:, 1:].std(axis=0)
    visits = mails["visit"].to_numpy().astype(np.float64)
    sent = np.array([SEGMENTS.index(name) for name in mails["segment"]])
    found = [replayed(features, visits, sent, seed) for seed in range(ORDERS)]
    values, gains, errors, counts = (np.array([one[part] for one in found]) for part in range(4))
    fixed = [float(visits[sent == arm].mean()) for arm in range(3)]
    always = ", ".join(f"{name} {rate:.2%}" for name, rate in zip(SEGMENTS, fixed, strict=True))
    gain, error = float(gains.mean()), float(errors.mean())
    return [
        Row(
            name="choice: which mail for whom",
            data=MAILS,
            split=f"replayed in {ORDERS} orders, about {counts.mean():,.0f} of 64,000 count; a floor of {FLOOR:.0%}",
            peers=f"by lot {visits.mean():.2%}; always {always}",
            ours=f"{values.mean():.2%} visit ({values.min():.2%} to {values.max():.2%} over the orders)",
            best=f"always the best, known afterwards, {max(fixed):.2%}",
            difference=f"to the lot {gain:+.2%} ({gain - 1.96 * error:+.2%} to {gain + 1.96 * error:+.2%}, one order)",
            limit="better than by lot beyond doubt",
            held=bool(gain > 1.96 * error),
        )
    ]


def replayed(features: Floats, visits: Floats, sent: npt.NDArray[np.int64], seed: int) -> tuple[float, ...]:
    """One order: value of the bandit, its gain over the lot with its standard error (paired), and how many counted."""
    chance = np.random.default_rng(seed)
    order = chance.permutation(len(visits))
    beliefs = [Belief.prior(features.shape[1]) for _ in SEGMENTS]
    counted = np.zeros(len(visits), np.bool_)
    for begin in range(0, len(order), PORTION):
        now = order[begin : begin + PORTION]
        chances = propensities(beliefs, features[now])
        chosen = (chance.random(len(now))[:, None] > np.cumsum(chances, axis=1)).sum(axis=1).clip(max=2)
        same = now[chosen == sent[now]]
        counted[same] = True
        for arm in range(len(SEGMENTS)):
            learned = same[sent[same] == arm]
            beliefs[arm] = beliefs[arm].seen(features[learned], visits[learned])
    value, lot = float(visits[counted].mean()), float(visits.mean())
    each = counted * (visits - value) / counted.sum() - (visits - lot) / len(visits)
    return value, value - lot, float(np.sqrt((each**2).sum())), float(counted.sum())


def uplift() -> list[Row]:
    """Both mails, both learners; learned on one half of the people."""
    mails = hillstrom()
    features, visits = known_before(mails)[:, 1:], mails["visit"].to_numpy().astype(np.float64)
    arms, half = mails["segment"].to_numpy(), np.random.default_rng(7).random(mails.height) < 0.5
    rows = []
    for segment, called in (("Womens E-Mail", "women's mail"), ("Mens E-Mail", "men's mail")):
        place = (arms == segment) | (arms == "No E-Mail")
        trial = Trial(
            features=features[place], treated=arms[place] == segment, came=visits[place],
            propensity=np.full(int(place.sum()), 0.5),
        )  # fmt: skip
        learned, judged = trial.where(half[place]), trial.where(~half[place])
        found = {
            "logistic apart": qini(judged, apart(learned, judged.features)),
            "doubly robust, boosted": qini(judged, robust(learned, judged.features)),
        }
        rows.append(_uplift(called, judged, found))
    return rows


def _uplift(called: str, judged: Trial, found: dict[str, Qini]) -> Row:
    whole = float(judged.came[judged.treated].mean() - judged.came[~judged.treated].mean())
    told = [
        f"{name}: Qini {one.area:+.4f} ({one.area - 1.96 * one.error:+.4f} to {one.area + 1.96 * one.error:+.4f}),"
        f" effect on the first 30% {one.top:+.2%} ({one.top - 1.96 * one.top_error:+.2%} to"
        f" {one.top + 1.96 * one.top_error:+.2%}), {'better than chance' if one.beats_chance else 'not claimed'}"
        for name, one in found.items()
    ]
    return Row(
        name=f"uplift: {called}",
        data=MAILS,
        split=f"learned on one half, judged on the other, {len(judged.came):,}",
        peers=f"all of them {whole:+.2%}",
        ours="; ".join(told),
    )


def policy() -> list[Row]:
    """Both ways of choosing, for men and for women."""
    return [_told(shown, of, by) for shown in ("men", "women") for of, by in (("bts", "random"), ("random", "bts"))]


def logged(policy: str, shown: str) -> tuple[Log, npt.NDArray[np.int64]]:
    """A log of the Open Bandit sample, and the place on the page of each decision."""
    rows = data(f"bandit/open_bandit/{policy}/{shown}/{shown}.csv")
    visitor = ("timestamp", *(f"user_feature_{number}" for number in range(4)))
    log = Log(
        party=rows.select(pl.struct(visitor).rank("dense")).to_series().to_numpy(),
        choice=rows["item_id"].to_numpy().astype(np.intp),
        propensity=rows["propensity_score"].to_numpy(),
        reward=rows["click"].to_numpy().astype(np.float64),
    )
    return log, rows["position"].to_numpy()


def _told(shown: str, of: str, by: str) -> Row:
    own, own_place = logged(of, shown)
    log, place = logged(by, shown)
    items = int(max(own.choice.max(), log.choice.max())) + 1
    chances = np.full((len(log.choice), items), 1 / items) if of == "random" else shares(own, own_place, place, items)
    truth = Value(
        value=float(own.reward.mean()), error=float(own.reward.std(ddof=1) / np.sqrt(len(own.reward))), effective=0
    )
    found = {
        "IPS": ips(log, chances),
        "SNIPS": snips(log, chances),
        "doubly robust": doubly_robust(log, chances, expected(log, items)),
    }
    held = {name: one.interval[0] <= truth.value <= one.interval[1] for name, one in found.items()}
    told = [
        f"{name} {one.value:.2%} ({one.interval[0]:.2%} to {one.interval[1]:.2%}{'' if held[name] else ', **not it**'})"
        for name, one in found.items()
    ]
    return Row(
        name=f"policy: {of} from {by}'s log, {shown}",
        data=CLICKS,
        split=f"{int(log.reward.sum())} clicks in the log, {items} items; worth"
        f" {found['IPS'].effective:,.0f} decisions of its own",
        peers=f"what it brought itself {truth.value:.2%} ({truth.interval[0]:.2%} to {truth.interval[1]:.2%})",
        ours="; ".join(told),
        difference=f"doubly robust {_apart(found['doubly robust'], truth)}",
        limit=f"the 95 % intervals hold what it brought itself; not put to the test below {TOLD} decisions of its own",
        held=all(held.values()) if found["IPS"].effective >= TOLD else None,
    )


def _apart(told: Value, truth: Value) -> str:
    off, half = told.value - truth.value, 1.96 * float(np.hypot(told.error, truth.error))
    return f"{off:+.2%} ({off - half:+.2%} to {off + half:+.2%})"


def shares(own: Log, own_place: npt.NDArray[np.int64], place: npt.NDArray[np.int64], items: int) -> Floats:
    """How often a policy chose each item at each place on the page, of its own log: its chances, which the log holds
    only of what was chosen.
    """
    counts = np.zeros((4, items))
    np.add.at(counts, (own_place, own.choice), 1)
    return np.asarray((counts / np.maximum(counts.sum(axis=1, keepdims=True), 1))[place], np.float64)


def expected(log: Log, items: int) -> Floats:
    """The rate of clicks of each item, in one half of the log for the other, shrunk to the average."""
    half = np.random.default_rng(1).random(len(log.reward)) < 0.5
    found = np.empty((len(log.reward), items))
    for here in (half, ~half):
        clicks = np.bincount(log.choice[~here], log.reward[~here], minlength=items)
        shown = np.bincount(log.choice[~here], minlength=items)
        found[here] = (clicks + SHRUNK * log.reward[~here].mean()) / (shown + SHRUNK)
    return found
