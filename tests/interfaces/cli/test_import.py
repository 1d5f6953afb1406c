"""`sightline import` as a newcomer meets it, good files and bad, in processes of its own on a real database."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from sightline.kernel.observe import mapping_file
from tests.main.commands import Commands
from tests.main.served import environment

DELIVERIES = Path(__file__).parents[3] / "src/sightline/packs/supply/data/scms_delivery.csv.gz"


Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(house: Path, tmp_path: Path, commands: Commands) -> Run:
    """A command in an empty folder."""
    return partial(commands.run, house, folder=tmp_path)


def told(run: Run, *words: str) -> Any:
    done = run(*words, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def lines(tmp_path: Path) -> list[str]:
    """The first deliveries, as they are."""
    with gzip.open(DELIVERIES, "rt", encoding="utf-8", newline="") as packed:
        return [packed.readline() for _ in range(41)]


def keep(folder: Path, name: str, content: str | bytes) -> str:
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return name


def test_from_a_first_look_to_a_correction_and_back(run: Run, tmp_path: Path, lines: list[str]) -> None:
    file = keep(tmp_path, "lines.csv", "".join(lines[:31]))
    before = told(run, "status")["events"]
    refused = run("import", file)
    assert refused.returncode == 2
    assert "--preview" in refused.stderr
    assert "--yes" in refused.stderr
    seen = run("import", file, "--preview")
    assert told(run, "status")["events"] == before
    assert list(tmp_path.glob("*.toml")) == []
    assert "The first events it would record" in seen.stderr
    first = told(run, "import", file, "--yes")
    assert (tmp_path / "lines.mapping.toml").read_text(encoding="utf-8").strip() == seen.stdout.strip()
    assert mapping_file.parse(seen.stdout) == mapping_file.load(tmp_path / "lines.mapping.toml")
    assert told(run, "import", file, "--yes")["events"] == 0
    assert run("import", file).returncode == 2
    keep(tmp_path, file, "".join(lines))
    longer = told(run, "import", file, "--mapping", "lines.mapping.toml")
    assert (longer["repeated"], longer["revised"]) == (first["events"], 0)
    keep(tmp_path, file, "".join(lines).replace(",551,", ",552,", 1))
    changed = run("import", file, "--yes")
    assert "1 new or changed facts (1 of them corrections)" in changed.stdout
    batches = told(run, "import", "list")["batches"]
    undone = run("import", "undo", batches[0]["id"])
    assert undone.stdout.startswith("0 facts retracted, 1 say again what they said before")
    assert "undone" in run("import", "list").stdout
    again = run("import", "undo", batches[0]["id"])
    assert (again.returncode, again.stdout) == (2, "")
    assert "was undone on" in again.stderr


BAD = {
    "empty.csv": (b"", "is empty", "header row"),
    "blank.csv": (b"\n\n\n", "nothing but blank lines", "header row"),
    "header.csv": (b"id,day,size\n", "has a header and no rows", "at least one row"),
    "binary.csv": (bytes(range(256)) * 40, "is not a text file", "Import CSV, TSV, Parquet or JSON Lines"),
    "book.xlsx": (b"PK\x03\x04" + b"\x00" * 60, "damaged", "Copy or export it again"),
    "short.parquet": (b"PAR1" + b"\x15\x04" * 90, "damaged Parquet file", "Export or copy it again"),
    "cut.csv.gz": (gzip.compress(b"id,day\n" + b"1,2015-01-01\n" * 9000)[:-30], "cut short", "Copy or export it again"),
    "list.json": (b'[{"id": 1}]', "looks like one JSON list", "jq -c"),
    "no_cells.csv": (b"a,b\n,\n,\n", "has a header and no rows", "at least one row"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_table_says_so_and_disturbs_nothing(run: Run, tmp_path: Path, name: str) -> None:
    content, what, then = BAD[name]
    keep(tmp_path, name, content)
    before = told(run, "status")["position"]
    done = run("import", name)
    assert (done.returncode, done.stdout) == (2, "")
    assert what in done.stderr
    assert then in done.stderr
    assert len(done.stderr.strip().splitlines()) >= 2
    assert told(run, "status")["position"] == before
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_no_file_and_a_folder_are_told_apart(run: Run, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert "is a folder" in run("import", "folder", "--yes").stderr
    assert "There is no file 'nowhere.csv'" in run("import", "nowhere.csv", "--yes").stderr
    wrong = run("import", "nowhere.csv", "--mapping", "nowhere.toml")
    assert "There is no mapping 'nowhere.toml'" in wrong.stderr
    error = json.loads(run("import", "folder", "--yes", "--json").stdout)["error"]
    assert error["code"] == "invalid"
    assert error["hint"]


def test_what_was_imported_can_be_asked_about_as_suggested(run: Run, tmp_path: Path) -> None:
    def row(n: int) -> str:
        paid = f"2020-{1 + n % 12:02}-{27 if n % 4 else 9:02}"
        return f"B{n:04},C{n % 7},{100 + n}.50,2020-{1 + n % 12:02}-01,2020-{1 + n % 12:02}-20,{paid}\n"

    header = "Bill,Customer,Amount EUR,Issued,Due,Paid on\n"
    file = keep(tmp_path, "bills.csv", header + "".join(map(row, range(300))))
    assert "`sightline questions`" in run("import", file, "--yes").stderr
    suggested = told(run, "questions")["suggested"]
    line = "predict absent invoice.paid until due for invoice before due 7 days worth amount_eur"
    assert line in suggested
    asked = told(run, "ask", line)
    assert asked["question"] == "own.absent_invoice_paid_by_due"
    assert asked["population"]["counts"]["trainable"] > 200
    assert line not in told(run, "questions")["suggested"]
    wrong = run("ask", "who pays late?")
    assert (wrong.returncode, "predict absent EVENT until ATTRIBUTE" in wrong.stderr) == (2, True)


def test_a_proof_from_too_little_gives_no_figures(run: Run, tmp_path: Path) -> None:
    rows = "".join(f"T{n:02},2021-01-01,2021-02-{1 + n % 20:02},2021-02-{1 + n % 27:02}\n" for n in range(40))
    file = keep(tmp_path, "tasks.csv", "Task,Opened,Due,Closed\n" + rows)
    run("import", file, "--yes")
    proof = told(run, "ask", "predict absent task.closed until due for task before due 7 days")["proof"]
    assert proof["verdict"] == "do_not_use"
    assert proof["metrics"]["auc"] is None
    assert proof["never_acts"] == ["yes", "no"]
    assert "Too little to learn from" in proof["headline"]


def test_a_question_whose_attribute_was_renamed_is_told_apart_and_can_be_dropped(run: Run, tmp_path: Path) -> None:
    rows = "".join(f"J{n:02},2021-01-01,2021-02-{1 + n % 20:02},2021-02-{1 + n % 27:02}\n" for n in range(40))
    file = keep(tmp_path, "jobs.csv", "Job,Opened,Due,Closed\n" + rows)
    run("import", file, "--yes")
    assert told(run, "ask", "predict absent job.closed until due for job before due 7 days")["proof"]
    mapping = tmp_path / "jobs.mapping.toml"
    mapping.write_text(mapping.read_text().replace('"Due" = { sort', '"Due" = { name = "due_day", sort'))
    assert run("import", file, "--mapping", mapping.name).returncode == 0
    name = "own.absent_job_closed_by_due"
    (broken,) = told(run, "questions")["broken"]
    assert (broken["name"], "due" in broken["reason"]) == (name, True)
    assert "--drop" in run("predictions", name).stderr
    assert told(run, "questions", "--drop", name) == {"dropped": name}
    assert told(run, "questions")["broken"] == []
    assert run("questions", "--drop", "supply.arrives_late").returncode == 2


def test_a_file_of_questions_is_counted_remembered_and_trained(run: Run, tmp_path: Path) -> None:
    rows = "".join(f"E{n:02},2021-01-01,2021-02-{1 + n % 20:02},2021-02-{1 + n % 27:02}\n" for n in range(40))
    run("import", keep(tmp_path, "errands.csv", "Errand,Opened,Due,Closed\n" + rows), "--yes")
    line = "predict absent errand.closed until due for errand before due {} days"
    text = f'[own.slow]\nline = "{line.format(7)}"\nyes = "slow"\n[own.early]\nline = "{line.format(3)}"\n'
    file = keep(tmp_path, "asked.toml", text)
    listed = [one["name"] for one in told(run, "questions")["questions"]]
    counted = told(run, "questions", "--add", file, "--check")["questions"]
    assert [(one["name"], one["examples"] > 9) for one in counted] == [("own.slow", True), ("own.early", True)]
    assert "own.early" in run("questions", "--add", file, "--check").stdout
    wrong = run("questions", "--add", keep(tmp_path, "wrong.toml", text.replace("before due 3", "before dew 3")))
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "wrong.toml, own.early: No attribute of errand 'dew'. Did you mean 'due'?" in wrong.stderr
    assert [one["name"] for one in told(run, "questions")["questions"]] == listed
    made = told(run, "questions", "--add", file, "--no-train")["questions"]
    assert [one["line"] for one in made] == [line.format(7), line.format(3)]
    assert "own.slow" in run("questions", "--add", file, "--no-train").stdout
    written = run("questions", "--toml").stdout
    assert f'[own.slow]\nline = "{line.format(7)}"' in written
    keep(tmp_path, "again.toml", written)
    trained = told(run, "questions", "--add", file)["questions"]
    assert [(one["question"], one["verdict"]) for one in trained] == [
        ("own.slow", "do_not_use"), ("own.early", "do_not_use")
    ]  # fmt: skip
    assert "Too little" in run("questions", "--add", "again.toml").stdout
    assert "There is no file" in run("questions", "--add", "nowhere.toml").stderr


def test_another_encoding_is_read_as_what_it_is(run: Run, tmp_path: Path) -> None:
    text = "id;remark;value\n1;Café;1,5\n2;Zürich;2,25\n"
    for encoding in ("cp1252", "utf-16", "utf-8-sig"):
        file = keep(tmp_path, f"places_{encoding.replace('-', '_')}.csv", text.encode(encoding))
        first = told(run, "import", file, "--preview")["events"]
        assert [event["data"]["remark"] for event in first] == ["Café", "Zürich"]
        assert [event["data"]["value"] for event in first] == [1.5, 2.25]


def test_a_header_of_undecodable_bytes_is_still_a_header(run: Run, tmp_path: Path) -> None:
    file = keep(tmp_path, "odd.csv", b"id,caf\xe9\n" + "".join(f"{n},naïve {n}\n" for n in range(1, 30)).encode())
    assert told(run, "import", file, "--yes")["quarantined"] == 0


def test_broken_and_unfit_rows_go_to_quarantine_and_can_be_mended(run: Run, tmp_path: Path) -> None:
    good = "".join(f"k{n},2015-02-{1 + n % 28:02},{n}.5\n" for n in range(1, 201))
    bad = "k26,2015-02-26\nq27,31 of May,1.5\nk28,2015-02-28,a few\nk1,2015-02-01,99\n,2015-02-03,1\n"
    file = keep(tmp_path, "mixed.csv", "key,sent on,amount\n" + good + bad)
    done = run("import", file, "--yes")
    assert "5 rows did not fit: `sightline quarantine list` shows why." in done.stdout
    waiting = {row["line"]: row for row in told(run, "quarantine", "list")["quarantine"]}
    assert "has 2 fields where the header names 3" in waiting[202]["reason"]
    assert "'31 of May', which is no date written like" in waiting[203]["reason"]
    assert "'a few', which is no number" in waiting[204]["reason"]
    assert "stands in line 2 too" in waiting[205]["reason"]
    assert "The key column 'key' is empty" in waiting[206]["reason"]
    number = str(waiting[203]["number"])
    assert "31 of May" in run("quarantine", "show", number).stdout
    assert "31 of May" in run("quarantine", "replay", number).stdout
    assert "no change" in run("quarantine", "replay", number, "--set", "nonsense").stderr
    mended = run("quarantine", "replay", number, "--set", "sent on=2015-05-31")
    assert "1 rows gave 2 new" in mended.stdout
    left = list(csv.DictReader(io.StringIO(run("quarantine", "list", "--csv").stdout)))
    assert sorted(int(row["line"]) for row in left if row["source"] == "mixed") == [202, 204, 205, 206]


def test_dates_that_can_be_read_two_ways_are_doubted(run: Run, tmp_path: Path) -> None:
    file = keep(tmp_path, "days.csv", "id,sent\n" + "".join(f"{n},0{n}/0{n + 1}/2015\n" for n in range(1, 8)))
    seen = told(run, "import", file, "--preview")
    assert any("'sent'" in doubt for doubt in seen["doubts"])
    assert all(f"# Look at this: {doubt}" in seen["mapping"] for doubt in seen["doubts"])


def test_one_row_is_enough(run: Run, tmp_path: Path) -> None:
    file = keep(tmp_path, "one.csv", "id,sent\nx1,2015-01-31\n")
    assert told(run, "import", file, "--yes")["rows"] == 1


def test_a_mapping_that_does_not_fit_names_the_column(run: Run, tmp_path: Path) -> None:
    file = keep(tmp_path, "one.csv", "id,sent\nx1,2015-01-31\n")
    keep(tmp_path, "m.toml", 'source = "one"\nkind = "one"\nkey = "ids"\n')
    done = run("import", file, "--mapping", "m.toml")
    assert done.returncode == 2
    assert "'ids'" in done.stderr
    keep(tmp_path, "m.toml", 'source = "one\n')
    assert "is not TOML" in run("import", file, "--mapping", "m.toml").stderr


def test_markup_in_cells_is_text(run: Run, tmp_path: Path) -> None:
    file = keep(tmp_path, "marks.csv", "id,sent,note\n[/x],2015-01-31,[red]:smile:\nm2,2015-01-31,[/]\n")
    assert run("import", file, "--yes").returncode == 0
    assert "[red]:smile:" in run("entity", "mark/[/x]").stdout


def test_a_reader_that_goes_away_is_no_error(house: Path) -> None:
    command = [sys.executable, "-m", "sightline.main", "questions", "--json"]
    process = subprocess.Popen(command, env=environment(house), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    process.wait()


def test_interrupted_it_says_how_to_go_on(house: Path, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "many.csv"
    file.write_text("id,sent\n" + "".join(f"z{n},2015-01-{1 + n % 28:02}\n" for n in range(2_000_000)))
    command = [sys.executable, "-m", "sightline.main", "import", str(file), "--yes"]
    with subprocess.Popen(
        command, env=environment(house), cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        while "many.csv" not in run("import", "list").stdout:
            assert process.poll() is None
        os.kill(process.pid, signal.SIGINT)
        _, said = process.communicate()
    assert process.returncode == 130
    assert "import the file again to add the rest" in said
    assert "Traceback" not in said
