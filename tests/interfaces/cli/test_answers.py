"""The forms of what commands answer and refuse: CSV, JSON and tables, in processes of their own on a real database."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from sightline.interfaces.cli import importing, mending, principals, proving, reading, recalling, show
from sightline.language.errors import Invalid
from sightline_client import models
from tests.main.commands import Commands

PARCELS = "id,sent,size\n" + "".join(f"p{n},2015-02-{1 + n % 28:02},{n}\n" for n in range(40)) + "q1,31 of May,1\n"

BOXES = "id,how,weight,volume,owner,late\n" + "".join(
    f"b{n},{'Air' if n % 3 else 'Sea'},{n * 7 % 41},{n * 11 % 17},us,"
    f"{'yes' if n % 20 < (3 if n % 3 else 12) else 'no'}\n"
    for n in range(600)
)
BOXES_MAPPED = """
source = "boxes"
kind = "box"
key = "id"
[columns]
how = { sort = "category", actionable = true }
late = { sort = "category" }
weight = { sort = "number" }
volume = { sort = "number" }
owner = { sort = "category" }
"""

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def folder(house: Path, commands: Commands) -> Path:
    """Above a home in which something was imported, a row waits, and somebody may sign in."""
    folder = house.parent
    (folder / "parcels.csv").write_text(PARCELS)
    for words in (["import", "parcels.csv", "--yes"], ["users", "add", "anna"], ["keys", "add", "press"]):
        done = commands.run(house, *words, folder=folder)
        assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def run(folder: Path, commands: Commands) -> Run:
    """A command in the folder of that home."""
    return partial(commands.run, folder / "home", folder=folder)


LISTS = {
    "questions": (["questions"], "name"),
    "batches": (["import", "list"], "id"),
    "quarantine": (["quarantine", "list"], "number"),
    "users": (["users", "list"], "name"),
    "keys": (["keys", "list"], "name"),
    "entries": (["audit"], "number"),
}


@pytest.mark.parametrize("name", LISTS)
def test_every_list_comes_as_csv_too(run: Run, name: str) -> None:
    words, known_by = LISTS[name]
    done, told = run(*words, "--csv"), run(*words, "--json")
    assert (done.returncode, told.returncode) == (0, 0), done.stderr + told.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert rows
    asked = "sightline audit"
    ours = [str(one[known_by]) for one in json.loads(told.stdout)[name] if one.get("what") != asked]
    assert [row[known_by] for row in rows if row.get("what") != asked] == ours
    assert run(*words).returncode == 0


def test_a_list_of_nothing_is_a_header(run: Run) -> None:
    done = run("audit", "--who", "nobody", "--csv")
    assert (done.returncode, done.stdout) == (0, "number,at,who,sort,what,target,status,times\n")


@pytest.mark.parametrize(
    ("columns", "kind"),
    [(reading.QUESTION, "Question"), (reading.PREDICTION, "Prediction"), (importing.BATCH, "Batch"),
     (mending.HELD, "Held"), (principals.USER, "User"), (principals.KEY, "Key"), (principals.ENTRY, "Entry"),
     (recalling.DECIDED[:-1], "Decided"), (recalling.CAME, "Outcome")],
)  # fmt: skip
def test_every_column_is_told_by_the_interface(columns: tuple[str, ...], kind: str) -> None:
    assert set(columns) <= set(getattr(models, kind).model_fields)


def test_trying_again_says_what_came_of_it(run: Run) -> None:
    (row,) = json.loads(run("quarantine", "list", "--json").stdout)["quarantine"]
    number = str(row["number"])
    unknown = run("quarantine", "replay", number, "--set", "Sent=2015-05-31")
    assert unknown.returncode == 2
    assert "Did you mean 'sent'?\nColumns: id, sent, size.\n" in unknown.stderr
    assert "1 rows gave" in run("quarantine", "replay", number, "--set", "sent=2015-05-31").stdout
    assert "recorded already" in run("quarantine", "replay", number, "--set", "sent=2015-05-31").stdout
    assert run("quarantine", "replay").stdout == "Nothing waits in quarantine.\n"


MISSPELT = ["predictions", "predictions x --limit 0", "nonsense", "quarantine show abc", "status --nonsense", "import"]


@pytest.mark.parametrize("line", MISSPELT)
def test_what_is_no_command_is_told_as_json_too(run: Run, line: str) -> None:
    done = run(*line.split(), "--json")
    said = json.loads(done.stdout)["error"]
    assert (done.returncode, said["code"]) == (2, "invalid")
    assert f"Error: {said['message']}\n" in done.stderr
    assert " --help` tells" in said["hint"]
    plain = run(*line.split())
    assert (plain.returncode, plain.stdout) == (2, "")
    assert plain.stderr.startswith("Usage: ")


def test_help_and_interrupted_questions_end_as_ever(run: Run) -> None:
    assert (run("--help").returncode, run("predictions", "--help").returncode) == (0, 0)
    done = run("users", "add", "otto", "--password")
    assert done.returncode == 2
    assert "12" in done.stderr


def test_only_what_is_near_is_offered_for_a_key(run: Run) -> None:
    near, far = run("why", "parcel/p388", "--json"), run("why", "parcel/82108", "--json")
    assert (near.returncode, far.returncode) == (2, 2)
    told = json.loads(far.stdout)["error"]
    assert told["message"] == "No parcel '82108'."
    assert "sightline predictions NAME" in told["hint"]
    assert json.loads(near.stdout)["error"]["message"] == "No parcel 'p388'. Did you mean 'p38'?"
    assert "Known: parcel" in run("why", "parcels/p3").stderr


def test_a_proof_that_cannot_be_written_is_the_input_s_fault(run: Run, tmp_path: Path) -> None:
    done = run("proof", "supply.arrives_late", "--html", str(tmp_path / "no" / "x.html"), "--json")
    said = json.loads(done.stdout)["error"]
    assert (done.returncode, said["code"]) == (2, "invalid")
    assert f"there is no folder '{tmp_path / 'no'}'" in said["message"]
    assert "folder" in said["hint"]
    with pytest.raises(Invalid, match="is a directory"):
        proving._write(tmp_path, "text")


def test_the_state_fits_on_a_screen(run: Run) -> None:
    done = run("status")
    assert done.returncode == 0
    _, below = done.stdout.split("Newest imports\n")
    head, *imports = below.splitlines()
    assert head.split() == ["batch", "file", "started_at", *show.COUNTED]
    assert any(" parcels.csv " in line for line in imports)
    facts = [line.rstrip() for line in done.stdout.splitlines() if not line.startswith("effects")]
    assert max(map(len, facts)) <= 120


@pytest.mark.parametrize("line", ["serve", "doctor", "demo --once", "rebuild", "workspace", "token", "open"])
def test_what_needs_the_home_folder_refuses_where_a_server_is_set(run: Run, line: str) -> None:
    there = "http://127.0.0.1:1"
    for done in (run(*line.split(), SIGHTLINE_CLIENT__URL=there), run("--server", there, *line.split())):
        assert (done.returncode, done.stdout) == (2, "")
        assert f"works on the installation of this machine, not on {there}." in done.stderr


@pytest.fixture(scope="module")
def boxes(folder: Path, commands: Commands) -> Path:
    """Boxes that come late by sea more often, and a model that knows."""
    (folder / "boxes.csv").write_text(BOXES)
    (folder / "boxes.toml").write_text(BOXES_MAPPED)
    for words in (
        ["import", "boxes.csv", "--mapping", "boxes.toml", "--yes"],
        ["ask", "predict value late is yes for box once", "--name", "own.late", "--yes-word", "late"],
    ):
        done = commands.run(folder / "home", *words, folder=folder)
        assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.usefixtures("boxes")
def test_what_if_without_changes_hints_at_what_one_could_choose(run: Run) -> None:
    told = run("what-if", "own.late", "box/b0")
    assert told.returncode == 0, told.stderr
    assert "With how Air instead of Sea the chance of 'late' would be" in told.stdout


@pytest.mark.usefixtures("boxes")
def test_what_if_tells_what_the_model_does_not_read(run: Run) -> None:
    told = run("what-if", "own.late", "box/b0", "how=Air", "--json")
    assert json.loads(told.stdout)["notes"] == []
    assert "does not read owner" in run("what-if", "own.late", "box/b0", "owner=them").stdout
