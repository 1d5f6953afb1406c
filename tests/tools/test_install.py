"""What prepares .venv: stamps that tell when to do nothing, and the lent OpenMP runtime."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools import install, system

ROOT = Path(__file__).parents[2]


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation in another folder."""
    monkeypatch.setattr(install, "ROOT", tmp_path)
    monkeypatch.setattr(install, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(install, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    return tmp_path


def test_a_stamp_tells_content_and_place(elsewhere: Path) -> None:
    (elsewhere / "a.lock").write_text("one==1\n")
    first = install.digest("a.lock")
    assert first == install.digest("a.lock")
    assert first.startswith(f"{elsewhere}\n")
    (elsewhere / "a.lock").write_text("one==2\n")
    assert install.digest("a.lock") != first


def test_an_environment_counts_only_when_it_starts_where_it_was_made(elsewhere: Path) -> None:
    assert not install.works()
    install.PYTHON.parent.mkdir(parents=True)
    install.PYTHON.symlink_to(sys.executable)
    assert install.works()
    (install.VENV / "base.stamp").write_text("another/place\n0\n")
    assert not install.works()


def test_a_foreign_environment_has_no_say(tmp_path: Path) -> None:
    environment = {**os.environ, "VIRTUAL_ENV": str(tmp_path), "PYTHONPATH": str(tmp_path)}
    told = subprocess.run(
        ["make", "--dry-run", "base"], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert "tools/install.py base" in told.stdout
    shown = "import os; print(sorted({'VIRTUAL_ENV', 'PYTHONPATH'} & set(os.environ)))"
    code = f"from tools import install; install.run({sys.executable!r}, '-c', {shown!r})"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_a_step_that_fails_stops_with_its_code_and_says_which(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        install.run(sys.executable, "-c", "raise SystemExit(3)")
    assert stopped.value.code == 3
    assert "This step failed" in capsys.readouterr().out


def test_the_lent_runtime_answers_to_the_expected_name(tmp_path: Path) -> None:
    (source,) = (system.SITE / "scikit_learn.libs").glob("libgomp-*.so*")
    copy = tmp_path / "libgomp.so.1"
    copy.write_bytes(system.renamed(source))
    assert copy.stat().st_size == source.stat().st_size
    library = system.SITE / "lightgbm" / "lib" / "lib_lightgbm.so"
    both = f"import ctypes; ctypes.CDLL({str(copy)!r}); ctypes.CDLL({str(library)!r})"
    load = f"{both}; print(open('/proc/self/maps').read())"
    maps = subprocess.run([sys.executable, "-S", "-c", load], capture_output=True, text=True, check=True).stdout
    assert {line.split()[-1] for line in maps.splitlines() if "libgomp" in line} == {str(copy)}
