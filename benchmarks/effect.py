"""What acting changed, as the hold-out tells it: `python -m benchmarks.effect [NAME ...]`, all where none is named.

`known`: mails sent by lot to 64,000 people (Hillstrom 2008, real), whose effect on visits is known: the interval holds
it, and how wide it is with and without what was expected beforehand taken off. `daily`: 1,000 made-up playbooks without
any effect, each looked at daily for 180 days, and 300 with one. `choice`, `uplift`, `policy`: see `choices`. Rows go to
`docs/benchmarks.md`. `SIGHTLINE_DATA` names the folder of what may not ship. Ends with 1 when a limit is missed.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks import choices
from benchmarks.answers.rows import Row, keep, skipped
from benchmarks.choices import MAILS, hillstrom, known_before
from sightline.kernel.learn.parties import Estimate, Totals, adjusted, estimate

Floats = npt.NDArray[np.float64]
DAYS, PLAYBOOKS, WITH_EFFECT = 180, 1000, 300
HELD = 0.1
Z95 = 1.96
KNOWN = {"Womens E-Mail": ("women's mail", 0.0452), "Mens E-Mail": ("men's mail", 0.0766)}
"""What it is called, and its effect on visits, of all 64,000."""


def likely(fitted: Floats, came: Floats, asked: Floats) -> Floats:
    """Probabilities by a logistic regression on others' rows."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(fitted[:, 1:], came)
    return np.asarray(model.predict_proba(asked[:, 1:])[:, 1], np.float64)


def known() -> list[Row]:
    """Each mail beside none; then one person in ten held back, as a playbook would have it, 500 times."""
    mails = hillstrom()
    features, visits = known_before(mails), mails["visit"].to_numpy().astype(np.float64)
    arms = mails["segment"].to_numpy()
    chance = np.random.default_rng(11)
    # Who teaches what is expected is not judged: a fifth of those who got no mail.
    taught = (arms == "No E-Mail") & (chance.random(len(arms)) < 0.2)
    said = likely(features[taught], visits[taught], features)
    rows = []
    for mail, (called, truth) in KNOWN.items():
        place = ~taught & ((arms == mail) | (arms == "No E-Mail"))
        totals = Totals(treated=arms[place] == mail, size=np.ones(place.sum()), hits=visits[place], said=said[place])
        rows.append(_beside(called, totals, truth, chance))
    return rows


def _beside(mail: str, totals: Totals, truth: float, chance: np.random.Generator) -> Row:
    whole, plain = _sure(adjusted(totals)), _sure(totals)
    low, high = whole.sequence()
    held, narrower = [], []
    on, off = np.flatnonzero(totals.treated), np.flatnonzero(~totals.treated)
    for _ in range(500):
        some = totals.where(np.append(chance.choice(on, 4500, replace=False), chance.choice(off, 500, replace=False)))
        one = _sure(adjusted(some))
        held.append(one.sequence()[0] <= truth <= one.sequence()[1])
        narrower.append(one.error / _sure(some).error)
    return Row(
        name=f"effect: {mail}",
        data=MAILS,
        split=f"{int(totals.treated.sum()):,} treated, {int((~totals.treated).sum()):,} held back; then 500 times 5,000"
        " of them, a tenth held back",
        peers=f"nothing taken off {plain.difference:+.2%}, standard error {plain.error:.3%}",
        ours=f"{whole.difference:+.2%} ({low:+.2%} to {high:+.2%}, however often looked at); standard error"
        f" {whole.error:.3%}, {1 - whole.error / plain.error:.1%} less; of the 500 intervals {np.mean(held):.1%} hold"
        f" the effect, standard error {1 - np.mean(narrower):.1%} less",
        limit=f"the interval holds {truth:+.2%}; at least 95% of the 500 do",
        held=bool(low <= truth <= high and np.mean(held) >= 0.95),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A made-up playbook: who was drawn, and per subject its day, party, probability and success."""

    treated: npt.NDArray[np.bool_]
    day: npt.NDArray[np.int64]
    party: npt.NDArray[np.int64]
    said: Floats
    hit: Floats
    truth: float
    """By how much treating all would raise the share of success."""

    def until(self, day: int) -> Totals:
        """The parties as they stand at the end of a day."""
        last = int(np.searchsorted(self.day, day, side="right"))
        seen = self.party[:last]
        size = np.bincount(seen, minlength=len(self.treated)).astype(np.float64)
        here = size > 0
        hits = np.bincount(seen, self.hit[:last], minlength=len(self.treated))[here].astype(np.float64)
        said = np.bincount(seen, self.said[:last], minlength=len(self.treated))[here] / size[here]
        return Totals(treated=self.treated[here], size=size[here], hits=hits, said=said)


def world(seed: int, effect: float) -> World:
    """From 60 to 1,000 parties that come back again and again, some much more often, each with a fate of its own; base
    rates of 10 to 60 %; predictions that tell from nothing to much. `effect`: added to the chance of the treated.
    """
    chance = np.random.default_rng(seed)
    parties = int(np.exp(chance.uniform(np.log(60), np.log(1000))))
    weights = chance.lognormal(0, chance.uniform(0, 1.2), parties)
    count = int(parties * chance.uniform(1, 8))
    party = chance.choice(parties, count, p=weights / weights.sum())
    rate, alike, tells = chance.uniform(0.1, 0.6), chance.uniform(0, 2), chance.uniform(0, 2)
    expected = np.log(rate / (1 - rate)) + tells * chance.normal(size=count)
    odds = expected + alike * chance.normal(size=parties)[party]
    treated = chance.random(parties) >= HELD
    alone = 1 / (1 + np.exp(-odds))
    helped = np.minimum(alone + effect, 1)
    likely = np.where(treated[party], helped, alone)
    return World(
        treated=treated,
        day=np.sort(chance.integers(0, DAYS, count)),
        party=party,
        said=1 / (1 + np.exp(-expected)),
        hit=(chance.random(count) < likely).astype(np.float64),
        truth=float(np.mean(helped - alone)),
    )


@dataclass(slots=True, kw_only=True)
class Looks:
    """What daily looks at one playbook showed: did it ever exclude what is true, did it ever exclude nothing."""

    wrong: bool = False
    found: bool = False
    once_wrong: bool = False
    """The same for an interval made for one look."""
    last_wrong: bool = False
    """Of that, on the last day alone."""
    width: float = 0.0
    """Standard error at the end."""

    def add(self, at: Estimate, truth: float) -> None:
        """One more day."""
        low, high = at.sequence()
        self.wrong |= not low <= truth <= high
        self.found |= not low <= 0 <= high
        self.last_wrong = not at.interval(Z95)[0] <= truth <= at.interval(Z95)[1]
        self.once_wrong |= self.last_wrong
        self.width = at.error


def watched(made: World, prepared: Callable[[Totals], Totals]) -> Looks:
    """Look at it on each day."""
    looks = Looks()
    for day in range(DAYS):
        at = estimate(prepared(made.until(day)))
        if at is not None:
            looks.add(at, made.truth)
    return looks


def daily() -> list[Row]:
    """Playbooks without an effect, and with one."""
    begun = time.perf_counter()
    none = [watched(world(seed, 0.0), adjusted) for seed in range(PLAYBOOKS)]
    plain = [watched(world(seed, 0.0), lambda totals: totals) for seed in range(PLAYBOOKS)]
    taken = f"ours {time.perf_counter() - begun:.0f}"
    data = "made-up: 60 to 1,000 parties that come again, uneven and each alike in itself, a tenth held back"
    null = Row(
        name="effect: none, looked at daily",
        data=data,
        split=f"{PLAYBOOKS:,} playbooks, {DAYS} days",
        peers=f"95 % interval for one look, looked at daily: {share(none, 'once_wrong'):.1%} ever exclude zero (on the"
        f" last day alone {share(none, 'last_wrong'):.1%})",
        seconds=taken,
        ours=f"{share(none, 'wrong'):.1%} ever exclude zero (with nothing taken off {share(plain, 'wrong'):.1%});"
        f" standard error {1 - ratio(none, plain):.1%} less for what was expected",
        limit="at most 5% ever exclude zero",
        held=share(none, "wrong") <= 0.05,
    )
    return [null, _some(data)]


def _some(data: str) -> Row:
    """With a true effect: is it found, and does the interval ever exclude it?"""
    made = [world(10_000 + seed, 0.15) for seed in range(WITH_EFFECT)]
    looks = [watched(one, adjusted) for one in made]
    truth = np.mean([one.truth for one in made])
    return Row(
        name="effect: some, looked at daily",
        data=data,
        split=f"{WITH_EFFECT} playbooks, {DAYS} days, an effect of {truth:+.1%} on average",
        peers=f"95 % interval for one look: {share(looks, 'once_wrong'):.1%} ever exclude the effect",
        ours=f"{share(looks, 'found'):.1%} found it within {DAYS} days; {share(looks, 'wrong'):.1%} ever exclude it",
        limit="at most 5% ever exclude it",
        held=share(looks, "wrong") <= 0.05,
    )


def share(looks: list[Looks], name: str) -> float:
    return float(np.mean([getattr(one, name) for one in looks]))


def ratio(some: list[Looks], others: list[Looks]) -> float:
    return float(np.mean([a.width / b.width for a, b in zip(some, others, strict=True) if b.width]))


def _sure(totals: Totals) -> Estimate:
    found = estimate(totals)
    assert found is not None
    return found


MEASURES: dict[str, tuple[Callable[[], list[Row]], str]] = {
    "known": (known, MAILS),
    "daily": (daily, "made-up"),
    "choice": (choices.choice, MAILS),
    "uplift": (choices.uplift, MAILS),
    "policy": (choices.policy, choices.CLICKS),
}
"""Each with its data."""
ORDER = ("effect: women", "effect: men", "effect: none", "effect: some", "choice", "policy", "uplift")


def main() -> int:
    """Returns 1 when a limit is missed."""
    rows: list[Row] = []
    for name in sys.argv[1:] or MEASURES:
        measure, data = MEASURES[name]
        try:
            rows += measure()
        except FileNotFoundError as absent:
            rows.append(
                skipped(
                    name if name in ("choice", "policy", "uplift") else f"effect: {name}",
                    data,
                    f"{absent.filename} is not there",
                )
            )
    print(keep(rows, ORDER, "effect"))
    return int(any(row.held is False for row in rows))


if __name__ == "__main__":
    sys.exit(main())
