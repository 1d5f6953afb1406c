"""An experiment from the command that plans it to those that stop it and adopt an arm of it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.kernel.act.world import INFORMS, TWO
from tests.main.commands import Commands


def test_an_experiment_is_planned_begun_shown_stopped_adopted(house: Path, commands: Commands, tmp_path: Path) -> None:
    def run(*words: str, fails: int = 0) -> str:
        done = commands.run(house, *words, folder=tmp_path)
        assert done.returncode == fails, done.stderr
        return done.stderr if fails else done.stdout

    (tmp_path / "two.toml").write_text(TWO + INFORMS, encoding="utf-8")
    run("playbook", "add", "two.toml")
    starting = ("experiments", "start", "own.chase", "--name", "spring", "--arm", "note=0.7", "--arm", "call=0.3")
    watched = ("--guard", "line.delivered, within=7 days", "--guard", "supply.arrives_late=no, margin=0.02")
    guarded = (*starting, *watched, "--span", "8 weeks")
    assert "cannot be told" in run(*guarded, "--check")
    assert "No experiments yet" in run("experiments", "list")
    assert "a share is a number" in run("experiments", "start", "own.chase", "--arm", "note=much", fails=2)
    assert "which answer to it is good" in run(*starting, "--guard", "supply.arrives_late", fails=2)
    id_ = json.loads(run(*guarded, "--json"))["id"]
    (listed,) = json.loads(run("experiments", "list", "--json"))["experiments"]
    assert listed["shares"] == [0.7, 0.3]
    event, question = listed["guards"]
    assert (event["event"], event["within_days"], event["margin"]) == ("line.delivered", 7.0, 0.0)
    assert (question["question"], question["good"], question["margin"]) == ("supply.arrives_late", False, 0.02)
    told = run("experiments", "show", id_)
    assert "spring on own.chase: running" in told
    assert "Guard line.delivered: call too little yet" in told
    assert "own.chase: ended, stopped" in run("experiments", "stop", id_, "--why", "enough")
    assert "has ended" in run("experiments", "stop", id_, fails=2)
    assert "No arm of 'spring' is better" in run("experiments", "adopt", id_, fails=2)
    assert "Nothing was changed" in run("experiments", "adopt", id_, "--arm", "call", "--check", "--anyway")
    assert f"adopt {id_} --undo" in run("experiments", "adopt", id_, "--arm", "call")
    assert "'call' is the usual choice of own.chase now." in run("experiments", "show", id_)
    assert "the most expected value again" in run("experiments", "adopt", id_, "--undo")
    assert "Not enough evidence yet" in run("effect", "own.chase")
    assert "Nothing was decided yet." in run("decisions", "--playbook", "own.chase")
    assert "No playbook 'own.chse'. Did you mean 'own.chase'?" in run("decisions", "--playbook", "own.chse", fails=2)
    assert "nothing is measured" in run("effect", "own.tell")
