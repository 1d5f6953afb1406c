"""The first look: real deliveries in, ranked and explained risks out; again, later, and over HTTP."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.main.served import Demo, answer, run, serving

NEEDED = {"auc", "auc_interval", "average_precision", "brier", "calibration_error", "calibration_floor"}


@pytest.mark.slow
def test_once_around_the_loop(demo: Demo) -> None:
    home, first = demo.copy("loop"), json.loads(demo.told.read_text(encoding="utf-8"))
    assert_is_ranked_and_proved(first)
    assert answer(home, "demo", "--once") == first
    assert_told_in_words(home, first)
    with serving(home, "--role", "api") as api:
        over_http = api.client.get("/v1/questions/supply.arrives_late/predictions?limit=1000").json()["predictions"]
        assert [one["subject"] for one in over_http] == [one["subject"] for one in first["predictions"]]
        assert api.client.get("/v1/questions/supply.arrives_late/proof").json()["verdict"] == "use_above"
    later = answer(home, "demo", "--once", "--advance", "60d")
    assert later["today"] == "2015-03-02"
    assert later["met"]["yes"] > 0
    assert later["met"]["no"] > later["met"]["yes"]
    assert_came_of_each_decision(home)
    told = json.loads(json.dumps(first["proof"]).replace("+00:00", "Z"))
    assert answer(home, "proof", "supply.arrives_late") == told


def assert_came_of_each_decision(home: Path) -> None:
    """Of all that was decided on the first day, by the answer of its forecast or within the playbook's window."""
    made = answer(home, "decisions", "--limit", "1000")["decisions"]
    first = [one for one in made if one["at"].startswith("2015-01-01") and one["verb"] != "drop"]
    assert {one["playbook"] for one in first} == {"supply.warn_buyer", "supply.chase_overdue"}
    assert {one["outcome"]["state"] for one in first} == {"settled"}
    assert {one["outcome"]["success"] for one in first} == {True, False}
    assert {one["outcome"]["within"] for one in first} == {None, "30 days"}
    line = next(one["subject"] for one in first if one["outcome"]["happened_at"])
    told = run(home, "decisions", "--about", line).stdout
    assert "happened" in told


def assert_is_ranked_and_proved(found: dict[str, Any]) -> None:
    assert len(found["predictions"]) == 98
    losses = [one["expected_loss"] for one in found["predictions"]]
    assert losses == sorted(losses, reverse=True)
    assert all(one["low"] <= one["probability"] <= one["high"] for one in found["predictions"])
    assert all(one["reasons"] for one in found["predictions"][:20])
    assert len(found["population"]["overdue"]) == 6
    proof = found["proof"]
    assert proof["question"] == "supply.arrives_late"
    assert proof["metrics"].keys() >= NEEDED
    assert proof["baseline"]["auc"] > 0.5
    assert proof["never_acts"] == ["late"]
    low, high = proof["lift"]["interval"]
    assert low <= proof["lift"]["difference"] <= high
    assert proof["lift"]["claimed"] == (low > 0)
    assert proof["assumptions"]


def assert_told_in_words(home: Path, found: dict[str, Any]) -> None:
    top = found["predictions"][0]["subject"]
    assert top in run(home, "demo", "--once").stdout
    assert found["predictions"][0]["reasons"][0]["text"] in " ".join(run(home, "why", top).stdout.split())
    entity = answer(home, "entity", top, "--as-of", "2014-12-31")
    assert entity["attributes"]["promised_on"] > "2015-01-01"
    assert [one["question"] for one in answer(home, "why", top)["predictions"]] == ["supply.arrives_late"]
