"""The bench, on sets small enough for a test: what it makes is what it says it makes, and it runs."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench"))
import workspaces


@pytest.mark.parametrize(
    ("cases", "files", "lean"), [(100, 4, False), (110, 36, False), (101, 4, True)], ids=["full", "as-they-are", "lean"]
)
def test_a_made_workspace_is_clean_and_as_large_as_asked(
    tmp_path: Path, run: Callable[[str], tuple[int, str, str]], cases: int, files: int, lean: bool
) -> None:
    root = tmp_path / "made"
    workspaces.write(root, cases, files, lean=lean)
    assert len(list((root / "cases").glob("*/*.yaml"))) == files
    code, out, _ = run(f"validate --strict --root {root}")
    assert code == 0, out
    assert re.search(rf"^checked .* {cases} cases, .*: no findings$", out, re.MULTILINE), out


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "other"):
        workspaces.write(tmp_path / name, 60, 3)
    one, other = (
        {path.relative_to(tmp_path / name): path.read_bytes() for path in (tmp_path / name).rglob("*.yaml")}
        for name in ("one", "other")
    )
    assert one == other


def test_a_fault_in_a_made_workspace_is_found(tmp_path: Path, run: Callable[[str], tuple[int, str, str]]) -> None:
    """It is clean because nothing is wrong, and not because nothing is looked at."""
    workspaces.write(tmp_path / "made", 20, 2)
    path = next((tmp_path / "made" / "cases").glob("*/*.yaml"))
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("    risk: benign", "    risk: benin", 1), encoding="utf-8")
    code, out, _ = run(f"validate --root {tmp_path / 'made'}")
    assert code == 1
    assert "PP104" in out


@pytest.mark.parametrize(("cases", "files"), [(10, 10), (703, 1)])
def test_what_no_file_can_hold_is_refused(tmp_path: Path, cases: int, files: int) -> None:
    with pytest.raises(ValueError, match="a file holds 2 to 702 cases"):
        workspaces.write(tmp_path / "made", cases, files)
