"""The tree itself keeps the house rules, and the import contracts bite."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STRAYS = {
    "a folder without a floor": ("common/__init__.py", "", "Floors"),
    "a kernel folder without a stage": ("kernel/utils.py", "", "Kernel"),
    "an import upwards": ("language/up.py", "import sightline.foundation.db\n", "Floors"),
    "a stage that reads a later one": ("kernel/know/up.py", "import sightline.kernel.learn\n", "Kernel"),
    "a pack that knows another": ("packs/other/know.py", "import sightline.packs.supply\n", "Packs do not know"),
    "a pack with a file of its own": ("packs/supply/helpers.py", "", "the same stages"),
    "a web framework in the kernel": ("kernel/act/web.py", "import fastapi\n", "Web frameworks"),
    "rows in reason": ("kernel/reason/rows.py", "import sqlalchemy\n", "SQLAlchemy"),
    "an interface that knows a pack": ("interfaces/cli/x.py", "import sightline.packs.supply\n", "the registry"),
}


def contracts(root: Path) -> tuple[int, str]:
    """Run the import contracts over a tree: exit code and report."""
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    environment = {**os.environ, "PYTHONPATH": str(root / "src")}
    done = subprocess.run(
        [sys.executable, "-c", command, "--no-cache"],
        cwd=root, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the product's Python files and the contracts."""
    keep = shutil.ignore_patterns("__pycache__", "data", "static")
    shutil.copytree(ROOT / "src" / "sightline", tmp_path / "src" / "sightline", ignore=keep)
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


def test_the_tree_keeps_the_house_rules() -> None:
    done = subprocess.run([sys.executable, "-m", "tools"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_tree_keeps_the_contracts() -> None:
    code, report = contracts(ROOT)
    assert code == 0, report


@pytest.mark.parametrize("name", STRAYS)
def test_the_contracts_bite(copy: Path, name: str) -> None:
    path, text, contract = STRAYS[name]
    file = copy / "src" / "sightline" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    (file.parent / "__init__.py").touch()
    file.write_text(text)
    code, report = contracts(copy)
    broken = [line for line in report.splitlines() if line.endswith("BROKEN")]
    assert code == 1, report
    assert any(contract in line for line in broken), report
