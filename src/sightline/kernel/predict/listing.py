"""Reading predictions as people and programs want them: ranked, filtered, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sightline.foundation.db.session import Transaction
from sightline.language.ref import Ref


class Rank(StrEnum):
    """What a list is ordered by."""

    MONEY = "money"
    """Probability times money at stake, most first; without money by probability."""
    PROBABILITY = "probability"
    """The likeliest first; quantities behind all probabilities, the largest first."""
    DAY = "day"
    """The deadline, next first."""


class Stage(StrEnum):
    """What was decided about a prediction."""

    ACT = "act"
    ASK = "ask"
    HOLD = "hold"
    DROP = "drop"
    NONE = "none"
    """No playbook has decided about it."""


class Aside(StrEnum):
    """Whether what somebody set aside is listed."""

    NO = "false"
    ONLY = "true"
    ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which predictions are listed; all conditions must hold."""

    question: str | None = None
    subject: Ref | None = None
    """As the ledger names it."""
    verb: Stage | None = None
    containing: str | None = None
    """Text within the key, in any case; never within a person's."""
    persons: tuple[str, ...] = ()
    """Kinds whose keys are personal."""
    named: tuple[Ref, ...] | None = None
    """Only these; with `containing` these too (persons by their whole key)."""
    min_probability: float | None = None
    deadline_before: datetime | None = None
    open_only: bool = True
    """Unanswered, and the deadline lies ahead."""
    aside: Aside = Aside.ANY
    besides: tuple[str, ...] = ()
    """Questions that are left out: what stands there was said of another one of the same name."""


COLUMNS: dict[Rank, tuple[tuple[str, type], ...]] = {
    Rank.MONEY: (("by_loss", float), ("by_chance", float)),
    Rank.PROBABILITY: (("by_chance", float), ("by_loss", float)),
    Rank.DAY: (("deadline", datetime), ("by_loss", float), ("by_chance", float)),
}
_NAMES: tuple[tuple[str, type], ...] = (("key", str), ("kind", str), ("cutoff", datetime), ("question", str))


def keys_of(rank: Rank) -> tuple[tuple[str, type], ...]:
    """The columns that order a ranking, all ascending and together unique, and their types."""
    return (*COLUMNS[rank], *_NAMES)


_SHOWN = """
select p.question, p.kind, p.key, p.cutoff, p.deadline, p.matures_at, p.probability, p.quantity, p.mean, p.low,
       p.high, p.worth, p.expected_loss, p.model, p.reasons, p.made_at, p.withdrawn_at, p.outcome, p.censored,
       p.by_loss, p.by_chance,
       d.verb, d.because, d.arm, d.playbook, a.id as aside
from ({chosen}) c
join sightline.predictions p on p.tenant = :t and p.question = c.question and p.kind = c.kind and p.key = c.key
  and p.cutoff = c.cutoff and p.model = c.model
left join lateral (select * from sightline.decisions d where d.tenant = p.tenant and d.question = p.question
  and d.kind = p.kind and d.subject = p.key and d.cutoff = p.cutoff order by d.at desc, d.key limit 1) d on true
left join sightline.asides a on a.tenant = p.tenant and a.question = p.question and a.kind = p.kind and a.key = p.key
  and a.cutoff = p.cutoff
"""

# Nothing but what the indexes of the ranks hold: rows are looked up for one page only.
_ON_DUTY = """
select p.* from sightline.models m cross join lateral (
  select p.tenant, p.question, p.model, p.kind, p.key, p.cutoff, p.deadline, p.by_loss, p.by_chance
  from sightline.predictions p where p.tenant = m.tenant and p.question = m.question and p.model = m.version
    and p.withdrawn_at is null{where}) p
where m.tenant = :t and m.champion{of}
"""

_ASIDE = (
    "(select from sightline.asides a where a.tenant = p.tenant and a.question = p.question and a.kind = p.kind"
    " and a.key = p.key and a.cutoff = p.cutoff)"
)

_OPEN = " and p.outcome is null and not p.superseded and p.deadline >= :now"
_STATES = (" and p.outcome is null and not p.superseded", " and p.outcome is not null")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A prediction as it stands in a list, with what was decided about it and what came of it."""

    question: str
    subject: str
    cutoff: datetime
    deadline: datetime
    probability: float | None
    """None where a quantity was said."""
    quantity: float | None
    """The median forecast; None where a probability was said."""
    mean: float | None
    low: float
    high: float
    worth: float | None
    expected_loss: float | None
    reasons: tuple[dict[str, Any], ...]
    model: str
    made_at: datetime
    outcome: bool | float | None
    """Whether it was yes; of a quantity, what it came to."""
    censored: bool
    """Whether it is only known that what was waited for did not come within the time `outcome` tells."""
    settled: bool
    """Whether the outcome is mature; before that it is an early reading."""
    decision: dict[str, Any] | None
    aside: str | None
    """Under which id somebody set it aside."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A page of a ranking."""

    found: list[Listed]
    next: tuple[Any, ...] | None
    """What to give as `after` for the page behind it, in the order of `keys_of`; None at the end."""


@dataclass(slots=True)
class _Where:
    """Conditions and the values they name."""

    text: str = ""
    values: dict[str, Any] = field(default_factory=dict)

    def add(self, condition: str, **values: Any) -> None:
        self.text += f" and {condition}"
        self.values |= values


async def ranked(
    tx: Transaction, wanted: Wanted, *, now: datetime, rank: Rank = Rank.MONEY, limit: int = 50,
    after: Sequence[Any] | None = None,
) -> Ranked:  # fmt: skip
    """Predictions of the models on duty that are wanted, ranked; those behind `after`, at most `limit`."""
    order = ", ".join(f"p.{name}" for name, _ in keys_of(rank))
    where = _conditions(wanted)
    if after is not None:
        names = ", ".join(f"cast(:after{n} as {_SQL[sort]})" for n, (_, sort) in enumerate(keys_of(rank)))
        where.add(f"({order}) > ({names})", **{f"after{n}": value for n, value in enumerate(after)})
    states = (_OPEN,) if wanted.open_only else _STATES
    of = " and m.question = :question" if wanted.question else ""
    page = f" order by {order} limit :limit"
    parts = [_ON_DUTY.format(where=state + where.text + page, of=of) for state in states]
    chosen = "select p.* from (" + " union all ".join(parts) + f") p{page}"
    given: dict[str, Any] = {"now": now} if wanted.open_only else {}
    given |= {"question": wanted.question} if wanted.question else {}
    # One more than asked for tells whether there is a page behind.
    rows = await tx.rows(f"{_SHOWN.format(chosen=chosen)} order by {order}", t=tx.tenant, limit=limit + 1, **given,
                         **where.values)  # fmt: skip
    last = rows[limit - 1] if len(rows) > limit else None
    return Ranked(
        [_listed(row, now) for row in rows[:limit]], tuple(last[name] for name, _ in keys_of(rank)) if last else None
    )


_SQL: dict[type, str] = {float: "double precision", str: "text", datetime: "timestamptz"}


def _conditions(wanted: Wanted) -> _Where:
    where = _Where()
    if wanted.subject:
        where.add("p.kind = :kind and p.key = :key", kind=wanted.subject.kind, key=wanted.subject.key)
    if wanted.verb is Stage.NONE:
        where.add("p.verb is null")
    elif wanted.verb:
        where.add("p.verb = :verb", verb=wanted.verb.value)
    if wanted.min_probability is not None:
        where.add("p.by_chance <= - cast(:least as double precision)", least=wanted.min_probability)
    if wanted.deadline_before:
        where.add("p.deadline < :before", before=wanted.deadline_before)
    if wanted.containing is not None or wanted.named is not None:
        _add_named(where, wanted.containing, wanted.named or (), wanted.persons)
    if wanted.besides:
        where.add("p.question <> all(:besides)", besides=list(wanted.besides))
    if wanted.aside is not Aside.ANY:
        where.add(f"{'not ' if wanted.aside is Aside.NO else ''}exists {_ASIDE}")
    return where


def _add_named(where: _Where, containing: str | None, named: Sequence[Ref], persons: Sequence[str]) -> None:
    these = "(p.kind, p.key) in (select * from unnest(cast(:kinds as text[]), cast(:keys as text[])))"
    kinds, keys = [ref.kind for ref in named], [ref.key for ref in named]
    if containing is None:
        where.add(these, kinds=kinds, keys=keys)
        return
    where.add(
        f"(strpos(lower(p.key), lower(:q)) > 0 and p.kind <> all(:persons) or {these})",
        q=containing, persons=list(persons), kinds=kinds, keys=keys,
    )  # fmt: skip


_NEWEST = """
select w.question, w.kind, w.key, p.cutoff, p.model from unnest(
  cast(:questions as text[]), cast(:kinds as text[]), cast(:keys as text[])) w(question, kind, key)
join sightline.models m on m.tenant = :t and m.question = w.question and m.champion
cross join lateral (
  select p.cutoff, p.model from sightline.predictions p where p.tenant = m.tenant and p.question = m.question
    and p.model = m.version and p.kind = w.kind and p.key = w.key and p.withdrawn_at is null
  order by p.cutoff desc limit 1) p
"""


async def newest(tx: Transaction, asked: Sequence[tuple[str, Ref]], *, now: datetime) -> list[Listed]:
    """Of each (question, subject) the prediction of the newest cutoff by the model on duty, where there is one."""
    rows = await tx.rows(
        _SHOWN.format(chosen=_NEWEST),
        t=tx.tenant, questions=[question for question, _ in asked], kinds=[ref.kind for _, ref in asked],
        keys=[ref.key for _, ref in asked],
    )  # fmt: skip
    return [_listed(row, now) for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How the predictions of a question stand."""

    open: int = 0
    awaited: int = 0
    """The deadline has passed, the answer is still out."""
    yes: int = 0
    no: int = 0
    measured: int = 0
    """Quantities that met their outcome."""
    open_expected_loss: float = 0.0
    decided: dict[str, int] = field(default_factory=dict)
    """Of the open ones, by what was decided last; `none` where nothing was."""

    @property
    def met(self) -> dict[str, int]:
        """How many are open or awaited, and how those that met their outcome came out."""
        told = {"open": self.open, "yes": self.yes, "no": self.no, "awaited": self.awaited}
        return {**told, "measured": self.measured}


# In the order of the index, so that nothing is sorted to be counted.
_STANDING = """
select m.question, s.verb, s.open, s.awaited, s.loss from sightline.models m cross join lateral (
  select p.verb, count(*) filter (where p.deadline >= :now and not p.superseded) as open,
         count(*) filter (where p.deadline < :now) as awaited,
         sum(p.expected_loss) filter (where p.deadline >= :now and not p.superseded) as loss
  from sightline.predictions p where p.tenant = m.tenant and p.question = m.question and p.model = m.version
    and p.withdrawn_at is null and p.outcome is null group by p.verb) s
where m.tenant = :t and m.champion order by m.question, s.verb
"""

_TALLIES = """
select t.question, t.yes, t.no, t.measured from sightline.tallies t
join sightline.models m on m.tenant = t.tenant and m.question = t.question and m.version = t.model and m.champion
where t.tenant = :t
"""


async def counted(tx: Transaction, *, now: datetime) -> dict[str, Counts]:
    """How the predictions of each question with a model stand. What came out is not counted but looked up."""
    standing = await tx.rows(_STANDING, t=tx.tenant, now=now)
    came = {row["question"]: row for row in await tx.rows(_TALLIES, t=tx.tenant)}
    found: dict[str, Counts] = {}
    for question in {*came, *(row["question"] for row in standing)}:
        mine = [row for row in standing if row["question"] == question]
        found[question] = Counts(
            open=sum(row["open"] for row in mine),
            awaited=sum(row["awaited"] for row in mine),
            yes=came[question]["yes"] if question in came else 0,
            no=came[question]["no"] if question in came else 0,
            measured=came[question]["measured"] if question in came else 0,
            open_expected_loss=sum(row["loss"] or 0.0 for row in mine),
            decided={row["verb"] or "none": row["open"] for row in mine if row["open"]},
        )
    return found


def _listed(row: Any, now: datetime) -> Listed:
    came: float | None = row["outcome"]
    decision = {k: row[k] for k in ("verb", "because", "arm", "playbook")} if row["verb"] else None
    return Listed(
        question=row["question"],
        subject=f"{row['kind']}/{row['key']}",
        cutoff=row["cutoff"],
        deadline=row["deadline"],
        probability=row["probability"],
        quantity=row["quantity"],
        mean=row["mean"],
        low=row["low"],
        high=row["high"],
        worth=row["worth"],
        expected_loss=row["expected_loss"],
        reasons=tuple(row["reasons"]),
        model=row["model"],
        made_at=row["made_at"],
        outcome=bool(came) if came is not None and row["probability"] is not None else came,
        censored=row["censored"],
        settled=came is not None and row["matures_at"] <= now,
        decision=decision,
        aside=row["aside"],
    )
