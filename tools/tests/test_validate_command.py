"""The command validate: which files it tells of, and where its result goes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from test_cli import FAMILY, FIRST, edit, spoil  # beside this file

Run = Callable[..., tuple[int, str, str]]
pytestmark = pytest.mark.usefixtures("workspace")


def test_path_restricts_what_is_told_and_not_what_is_read(tmp_path: Path, run: Run) -> None:
    def told(path: str) -> set[str]:
        lines = run("validate --format concise", path)[1].splitlines()
        return {line.partition(":")[0] for line in lines if not line.startswith(("checked ", "not valid, "))}

    assert run("validate cases")[:2] == (0, "checked 1 file, 0 policies, 3 cases, 0 facts: no findings\n")
    edit(FAMILY, "risk: benign", "risk: benig")
    spoil(FIRST)
    assert told(".") == {str(FAMILY), str(FIRST)}
    for path in (str(FAMILY), "cases", "cases/cyber", str(FAMILY.resolve())):
        assert told(path) == {str(FAMILY)}
    assert run("validate spec/evidence")[0] == 0
    assert run("validate spec/evidence", str(FIRST))[0] == 1
    (tmp_path / "elsewhere.yaml").write_text("schema: family/1\n", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    for path in (
        "README.md",
        "--root . ../elsewhere.yaml",
        "--root ../empty",
        "cases ../elsewhere.yaml",
        "spec README.md",
    ):
        code, out, err = run(f"validate {path}")
        assert (code, out) == (2, ""), "not even one of several is passed over"
        assert "nothing to check" in err


def test_the_result_in_a_file(run: Run) -> None:
    edit(FAMILY, "risk: benign", "risk: benig")
    for form in ("text", "json", "sarif"):
        code, out, err = run(f"validate --format {form}")
        for again in (False, True):
            assert run(f"validate --format {form} --out new/folder/{form}") == (code, "", err), f"over itself: {again}"
            assert Path(f"new/folder/{form}").read_text(encoding="utf-8") == out
    for path in ("a", "new/b"):
        Path(path).symlink_to("../outside")
        code, out, err = run(f"validate --out {path}")
        if path == "a":
            assert (code, out) == (2, "")
            assert "leads out of the workspace by a link" in err
        else:
            assert code == 1
            assert not Path(path).is_symlink(), "one that stays within is replaced, not followed"


def test_an_empty_name_is_no_folder(run: Run) -> None:
    before = sorted(Path().rglob("*"))
    code, _, err = run("init", "")
    assert (code, "the name is empty" in err) == (2, True)
    assert sorted(Path().rglob("*")) == before


def test_findings_are_1_and_warnings_only_with_strict(run: Run) -> None:
    allow = "    allow:\n      - code: PP401\n        reason: None of it is real.\n"
    edit(FAMILY, "    hazard: 0\n  - id: shop-sign-in-b", f"    hazard: 0\n{allow}  - id: shop-sign-in-b")
    code, out, err = run("validate")
    assert (code, err) == (0, "")
    assert "warning PP330" in out
    assert out.endswith(": 0 errors, 1 warning\n")
    assert run("validate --strict")[0] == 1
    edit(FAMILY, "risk: benign", "risk: benig")
    for form in ("text", "concise", "json"):
        code, out, err = run(f"validate --format {form}")
        assert (code, err) == (1, "")
        assert "did you mean `benign`?" in out
