"""What must be so before a playbook may do anything: told at the door, with what was meant."""

from __future__ import annotations

import difflib
import math
from collections.abc import Collection, Iterable, Iterator, Sequence

from sightline.language import derived
from sightline.language.catalog import Catalog
from sightline.language.errors import Invalid
from sightline.language.experiment import Experiment
from sightline.language.playbook import END, EVERY_DAY, SELF, Ask, Choice, Playbook, Send, Step, Wait
from sightline.language.question import Question

PAPER = "paper"
"""The channel that nobody is spoken to by."""

MOST_STEPS, LONGEST_NAME = 100, 100
"""Steps of a playbook; characters of the name of a step or a choice."""


def check(playbook: Playbook, catalog: Catalog, *, measured: bool = True) -> None:
    """Raises Invalid that names what does not fit and what was allowed.

    `measured`: whether it calls an answer success.
    """
    question = catalog.questions.get(playbook.question)
    if question is None:
        raise _unknown(playbook, "question", playbook.question, catalog.questions)
    wakes = {*catalog.questions, *catalog.detectors, *catalog.events, EVERY_DAY}
    if playbook.wakes_on not in wakes:
        raise _unknown(playbook, "question, detector or event", playbook.wakes_on, wakes)
    if playbook.wakes_on in catalog.questions and playbook.wakes_on != playbook.question:
        raise Invalid(f"{playbook.name}: a forecast of '{playbook.question}' or nothing of the kind must wake it.")
    event = catalog.events.get(playbook.wakes_on)
    if event and event.of != question.of:
        raise Invalid(f"{playbook.name}: '{event.name}' happens to a {event.of}, and it is about a {question.of}.")
    links = {one.name for one in catalog.kinds[question.of].links} if question.of in catalog.kinds else set()
    if playbook.party not in {*links, SELF}:
        raise _unknown(playbook, f"link of {question.of}", playbook.party, {*links, SELF})
    if not playbook.choices:
        raise Invalid(f"{playbook.name} has nothing to do.", hint="Give it at least one choice.")
    _check_attribution(playbook, question, measured=measured)
    _check_choices(playbook)
    check_steps(playbook, catalog.events)
    if playbook.experiment:
        check_experiment(playbook, playbook.experiment, catalog, measured=measured)
    _check_learned(playbook, measured=measured)


def _check_learned(playbook: Playbook, *, measured: bool) -> None:
    """What is learned from success, where it is said what that is."""
    if playbook.hour == "best":
        _must_be_measured(playbook, "looks for the best hour", measured=measured)
    if playbook.goes_by_several:
        _must_be_measured(playbook, "looks for the best channel", measured=measured)
    if playbook.choose == "learned":
        _must_be_measured(playbook, "learns which choice for whom", measured=measured)
        _all_or_none_speak(playbook, [one.name for one in playbook.choices])


def _check_attribution(playbook: Playbook, question: Question, *, measured: bool) -> None:
    asks = f"{playbook.name}: '{question.name}' asks"
    if not attributable(question):
        if playbook.attribution is not None:
            raise Invalid(
                f"{asks} what an attribute will be, and nobody is told when it came to be so: no `attribution` can be"
                " counted.",
                hint="Leave it out: the answer of its forecast is its outcome then.",
            )
        if measured and not playbook.foresees:
            raise Invalid(
                f"{asks} what an attribute will be, so nothing tells what came after '{playbook.wakes_on}'.",
                hint=f'Say wakes_on = "{question.name}" or "every day", or a question that waits for an event.',
            )
    if measured and playbook.window is None and not question.chance:
        raise Invalid(
            f"{asks} for a quantity, and calls an answer to it success: no quantity is a yes or a no.",
            hint=_QUANTITY if attributable(question) else "Choose a question that is answered by yes or no.",
        )


_QUANTITY = 'Say `attribution`, such as "30d": yes is then that it happens at all within that time after a decision.'


def check_experiment(playbook: Playbook, experiment: Experiment, catalog: Catalog, *, measured: bool) -> None:
    """Whether an experiment fits a playbook. Raises Invalid."""
    _check_name(playbook, experiment.name)
    _must_be_measured(playbook, "compares choices", measured=measured)
    check_arms(playbook, experiment.arms)
    _all_or_none_speak(playbook, experiment.arms)
    if not 0 < experiment.least < 1:
        raise Invalid(f"{playbook.name}: the least change worth finding is {experiment.least:g}.", hint="Such as 0.05.")
    for guard in experiment.guards:
        known = catalog.questions if guard.question else {*catalog.events, derived.STOPPED}
        if guard.name not in known:
            raise _unknown(playbook, "question" if guard.question else "event", guard.name, known)
        if guard.question and not catalog.questions[guard.question].chance:
            raise Invalid(f"{playbook.name}: '{guard.name}' asks for a quantity; a guard is answered by yes or no.")
        if not 0 <= guard.margin < 1:
            raise Invalid(f"{playbook.name}: the margin of '{guard.name}' is a share, such as 0.01.")


def check_arms(playbook: Playbook, arms: Iterable[str]) -> None:
    """Whether they are choices of a playbook. Raises Invalid."""
    names = {one.name for one in playbook.choices}
    for arm in arms:
        if arm not in names:
            raise _unknown(playbook, "choice", arm, names)


def _must_be_measured(playbook: Playbook, what: str, *, measured: bool) -> None:
    if not measured:
        raise Invalid(f"{playbook.name} {what}, but calls no answer success.", hint='Say success = "yes" or "no".')


def _all_or_none_speak(playbook: Playbook, names: Sequence[str]) -> None:
    """What goes to paper takes no contact from anybody: who is decided about would hang on what was drawn."""
    silent = {one.channel == PAPER for one in playbook.choices if one.name in names}
    if len(silent) > 1:
        raise Invalid(
            f"{playbook.name}: of what is drawn by lot some goes to paper and some does not.",
            hint="Let all of it go to paper, or none.",
        )


def attributable(question: Question) -> bool:
    """Whether the question waits for an event: then what happens within any time after a decision can be told."""
    return question.event is not None


def _check_choices(playbook: Playbook) -> None:
    names = [one.name for one in playbook.choices]
    if len(set(names)) < len(names):
        raise Invalid(f"{playbook.name} has two choices of one name.", hint="Call them differently.")
    for one in playbook.choices:
        _check_name(playbook, one.name)
        _check_channels(playbook, one)
        if one.cost < 0 or not all(map(math.isfinite, (one.cost, one.saves, one.gains))):
            raise Invalid(f"{playbook.name}, '{one.name}': a cost is not below 0, and money is a number.")


def _check_channels(playbook: Playbook, choice: Choice) -> None:
    """Several channels differ, the usual one first, and each speaks to somebody."""
    names, where = choice.channels, f"{playbook.name}, '{choice.name}'"
    if not names:
        return
    if len(names) < 2 or len(set(names)) < len(names) or names[0] != choice.channel:
        raise Invalid(
            f"{where} may go by {', '.join(names)}: two different channels or more are meant.",
            hint="Name the usual one first; one alone is its `channel`.",
        )
    if PAPER in names:
        raise Invalid(
            f"{where}: nobody is spoken to by '{PAPER}', so it is nobody's best channel.",
            hint="Name destinations that reach whom it is for: `sightline destinations list` shows them.",
        )


def check_steps(playbook: Playbook, events: Collection[str]) -> None:
    """The steps behind the first: each of a name of its own, leading to one that is there, reached, and never back."""
    names = [one.name for one in playbook.follow]
    _check_names(playbook, names)
    for step in playbook.follow:
        _check_step(playbook, step, names, events)
    reached = _walk(playbook, playbook.after(None), (), set())
    for name in names:
        if name not in reached:
            raise Invalid(f"{playbook.name}: nothing leads to the step '{name}'.", hint="Let another step lead there.")


def _check_names(playbook: Playbook, names: Sequence[str]) -> None:
    if len(names) > MOST_STEPS:
        raise Invalid(f"{playbook.name} has {len(names)} steps; {MOST_STEPS} is the most.")
    for name in names:
        _check_name(playbook, name)
        if names.count(name) > 1 or name in {END, "act"}:
            said = "stands twice" if names.count(name) > 1 else "cannot be the name of a step"
            raise Invalid(f"{playbook.name}: '{name}' {said}.", hint="Call each step by a name of its own.")


def _check_name(playbook: Playbook, name: str) -> None:
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise Invalid(
            f"{playbook.name}: {name[:40]!r} cannot name a step or a choice.", hint=f"1 to {LONGEST_NAME} characters."
        )


def _check_step(playbook: Playbook, step: Step, names: Sequence[str], events: Collection[str]) -> None:
    for goes in (step.then, getattr(step, "otherwise", None)):
        if goes is not None and goes not in {*names, END}:
            raise _unknown(playbook, f"step (behind '{step.name}')", goes, {*names, END})
    for event in step.unless if isinstance(step, Wait) else ():
        if event not in events:
            raise _unknown(playbook, f"event ('{step.name}' waits unless it happens)", event, events)
    if isinstance(step, Send) and step.channel is None and all(one.channel == PAPER for one in playbook.choices):
        raise Invalid(
            f"{playbook.name}: '{step.name}' sends by what its choices go by, and they speak to nobody.",
            hint="Give its channel: a destination's name.",
        )
    if isinstance(step, Wait) and not step.unless and step.otherwise != END:
        raise Invalid(f"{playbook.name}: '{step.name}' says where to go otherwise, but not unless what.")


def _walk(playbook: Playbook, name: str, path: tuple[str, ...], done: set[str]) -> set[str]:
    """The steps that are reached from one on, each walked from once (`done`). Raises Invalid where it leads back."""
    if name in path:
        circle = " -> ".join([*path[path.index(name) :], name])
        raise Invalid(f"{playbook.name}: its steps go round: {circle}.", hint="A run must come to an end.")
    if name == END or name in done:
        return done
    for goes in _ways(playbook, name):
        _walk(playbook, goes, (*path, name), done)
    done.add(name)
    return done


def _ways(playbook: Playbook, name: str) -> Iterator[str]:
    step = playbook.step(name)
    yield playbook.after(name)
    if isinstance(step, Ask) or (isinstance(step, Wait) and step.unless):
        yield step.otherwise


def channels(playbook: Playbook) -> list[str]:
    """The destinations it sends to, by name."""
    sends = [one.channel for one in playbook.follow if isinstance(one, Send) and one.channel]
    acts = [name for one in playbook.choices for name in (one.channel, *one.channels)]
    return sorted({*acts, *sends})


def _unknown(playbook: Playbook, what: str, name: str, known: Collection[str]) -> Invalid:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    guess = f" Did you mean '{near[0]}'?" if near else ""
    return Invalid(
        f"{playbook.name} names the {what} '{name}', which is not there.{guess}",
        hint=f"Known: {', '.join(sorted(known)) or 'none'}.",
    )
