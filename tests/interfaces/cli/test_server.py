"""Commands that work on another machine's server: nothing is opened where they run."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

from tests.main.commands import Commands
from tests.main.served import serving

ROWS = "id,sent,size\n" + "".join(f"p{n},2015-02-{1 + n % 28:02},{n}\n" for n in range(300)) + "q1,31 of May,1\n"


def test_a_server_does_the_work_and_nothing_is_opened_here(home: Path, tmp_path: Path, commands: Commands) -> None:
    nowhere = tmp_path / "nothing"
    (tmp_path / "parcels.csv").write_text(ROWS)
    run = partial(commands.run, nowhere, folder=tmp_path)

    with serving(home) as served:
        url = str(served.client.base_url).rstrip("/")
        told = {"SIGHTLINE_CLIENT__TOKEN": (home / "owner.token").read_text().strip()}
        there = {**told, "SIGHTLINE_CLIENT__URL": f"{url}/v1"}

        def answer(*words: str) -> Any:
            done = run(*words, "--json", **there)
            assert done.returncode == 0, done.stderr
            return json.loads(done.stdout)

        made = answer("import", "parcels.csv", "--yes")
        assert (made["rows"], made["quarantined"]) == (301, 1)
        assert [one["id"] for one in answer("import", "list")["batches"]] == [made["batch"]]
        assert run("entity", "parcel/p3", "--server", url, **told).returncode == 2, "options of all come first"
        assert "2015-02-04" in run("--server", url, "entity", "parcel/p3", **told).stdout
        (held,) = answer("quarantine", "list")["quarantine"]
        mended = answer("quarantine", "replay", str(held["number"]), "--set", "sent=2015-05-31")
        assert (mended["recorded"]["rows"], mended["still_wrong"]) == (1, [])
        link = answer("users", "add", "anna", "--role", "viewer")["link"]
        assert link.startswith(f"{url}/sign-in#code=slc_")
        assert {"post_import", "post_user"} <= {one["what"] for one in answer("audit")["entries"]}
        assert answer("import", "undo", made["batch"])["retracted"] > 0
        local = run("rebuild", **there)
        assert (local.returncode, "the installation of this machine" in local.stderr) == (2, True)
        unknown = run("status", **{**there, "SIGHTLINE_CLIENT__TOKEN": "slt_" + "x" * 43})
        assert (unknown.returncode, unknown.stderr.startswith("Unauthenticated: ")) == (2, True)
        assert "keys add" in run("--server", url, "status").stderr
    assert run("status", **there).returncode == 1
    assert not nowhere.exists()
