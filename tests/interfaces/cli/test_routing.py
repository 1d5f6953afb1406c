"""Who is asked what, said by commands."""

from __future__ import annotations

import json
from pathlib import Path

from tests.main.commands import Commands


def test_a_route_is_tried_made_listed_and_removed(house: Path, commands: Commands, tmp_path: Path) -> None:
    def run(*words: str, fails: int = 0) -> str:
        done = commands.run(house, *words, folder=tmp_path)
        assert done.returncode == fails, done.stderr
        return done.stdout if not fails else done.stderr

    for name in ("anna@example.com", "ben@example.com"):
        run("users", "add", name, "--role", "operator")
    assert "nobody's in particular" in run("inbox", "routes")
    to = ("--to", "anna@example.com", "--to", "ben@example.com")
    route = ("inbox", "route", "elders", "--playbook", "leads.first_contact", *to)
    told = run(*route, "--whom", "age above 60", "--dry-run")
    people = "anna@example.com or ben@example.com"
    assert told.splitlines() == [
        f"What 'leads.first_contact' asks about those with age above 60 would be for {people}.",
        "Of 0 that wait, by this route: anna@example.com 0, ben@example.com 0.",
    ]
    assert "nobody's in particular" in run("inbox", "routes")
    made = json.loads(run(*route, "--whom", "age above 60", "--waiting", "--json"))
    assert (made["route"]["name"], made["waiting"], made["nobody"]) == ("elders", 0, 0)
    assert "Of 0 that wait and have nobody who may decide, by this route" in run(*route, "--waiting")
    assert run(*route).count("\n") == 1
    made = json.loads(run(*route, "--json"))
    assert (made["waiting"], made["goes"], made["nobody"]) == (None, {}, None)
    (one,) = json.loads(run("inbox", "routes", "--json"))["routes"]
    assert (one["whom"], one["to"]) == ("", ["anna@example.com", "ben@example.com"])
    assert "elders,leads.first_contact,everybody,anna@example.com ben@example.com," in run("inbox", "routes", "--csv")
    run("users", "disable", "ben@example.com")
    (one,) = json.loads(run("inbox", "routes", "--json"))["routes"]
    assert (one["gone"], one["stopped"]) == (["ben@example.com"], "")
    assert "No user who may decide 'ben@example.com'" in run(*route, fails=2)
    first = ("inbox", "route", "elders", *to[:2], "--playbook")
    assert "Did you mean 'age'" in run(*first, "leads.first_contact", "--whom", "ages above 60", fails=2)
    assert "Did you mean 'leads.first_contact'" in run(*first, "leads.first", fails=2)
    assert "is removed" in run("inbox", "unroute", "elders")
    assert "No route 'elders'" in run("inbox", "unroute", "elders", fails=2)
