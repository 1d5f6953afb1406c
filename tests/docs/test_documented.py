"""Whatever is declared is found in docs/, and every fenced Python block runs."""

import json
import re
from pathlib import Path

import pytest

from sightline.interfaces.rest.once import PASSING
from sightline.language import derived
from sightline.language.errors import SightlineError
from tools import reference

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "decisions").glob("*.md")])
PACK_PAGES = sorted((ROOT / "src" / "sightline" / "packs").glob("*/README.md"))
CLIENT = ROOT / "clients" / "python" / "README.md"
AGAINST_A_SERVER = {ROOT / "docs" / "client.md", CLIENT}
"""Their blocks call one: tests/clients/test_documentation.py runs them."""
ALONE = [page for page in (*PAGES, *PACK_PAGES) if page not in AGAINST_A_SERVER]
DOCS = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs").rglob("*.md"))
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


def codes(root: type[SightlineError]) -> set[str]:
    """The codes of an error and of all below it."""
    return {root.code}.union(*map(codes, root.__subclasses__()))


def declared() -> dict[str, set[str]]:
    """What users can meet by name, by sort."""
    packs = list(reference.packs())
    return {
        "error code": codes(SightlineError),
        "event": {*derived.ALL, *(event.name for pack in packs for event in pack.events)},
        "pack": {pack.name for pack in packs},
        "kind": {kind.name for pack in packs for kind in pack.kinds},
        "question": {question.name for pack in packs for question in pack.questions},
        "playbook": {playbook.name for pack in packs for playbook in pack.playbooks},
        "detector": {detector.name for pack in packs for detector in pack.detectors},
        "setting": {name for name, _, _ in reference.settings()},
    }


def test_everything_declared_is_found_in_the_documentation() -> None:
    missing = {
        sort: absent for sort, names in declared().items() if (absent := {n for n in names if f"`{n}`" not in DOCS})
    }
    assert not missing, "Tell about them in docs/ (most are written by `make docs`)."


def test_the_page_of_the_interface_lists_every_path_and_every_answer_that_is_not_kept() -> None:
    page = (ROOT / "docs" / "http.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"(/v1/[^\s`?]*)[^`]*`", page))
    assert json.loads(reference.OPENAPI.read_text(encoding="utf-8"))["paths"].keys() <= listed
    (told,) = re.findall(r"Answers from 500 on,\s+and ([0-9, and]+), are not kept", page)
    assert {int(one) for one in re.findall(r"\d+", told)} == PASSING


def test_the_reference_is_up_to_date() -> None:
    assert reference.PAGE.read_text(encoding="utf-8") == reference.page(), "Run: make docs"


def test_every_setting_says_what_it_means() -> None:
    assert not [name for name, _, note in reference.settings() if not note]


@pytest.mark.parametrize("page", ALONE, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_fenced_python_block_runs(page: Path) -> None:
    shared: dict[str, object] = {"__name__": "example"}
    for block in BLOCK.findall(page.read_text(encoding="utf-8")):
        exec(compile(block, str(page), "exec"), shared)
    assert "__name__" in shared


@pytest.mark.parametrize("page", [*PAGES, CLIENT], ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []
