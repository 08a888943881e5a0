"""The command `report`: what it writes and says, and what it may be written over."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from policy_preview.core import UsageError
from policy_preview.page.folder import MANIFEST, own_folder
from policy_preview.writing import HALF

Run = Callable[[str], tuple[int, str, str]]


@pytest.mark.usefixtures("workspace")
def test_report_of_a_small_workspace(run: Run) -> None:
    code, out, err = run("report --out site")
    assert (code, err) == (0, "")
    assert re.fullmatch(r"wrote 1 page, 0\.\d MB, on 2 policies and 3 cases; open site/index\.html\n", out)
    assert sorted(path.name for path in Path("site").iterdir()) == [MANIFEST, "index.html"]
    assert "Not measured in this report" in Path("site/index.html").read_text(encoding="utf-8")
    code, out, _ = run("report --out site --site")
    assert code == 0
    assert {path.name for path in Path("site").iterdir()} == {
        MANIFEST, "index.html", "cases.html", "evidence.html", "policy-assistant-1.html", "policy-assistant-2.html",
    }  # fmt: skip
    code, out, _ = run("report --out site --policy assistant-1")
    assert code == 0
    assert {path.name for path in Path("site").iterdir()} == {MANIFEST, "index.html"}, "old pages of ours are gone"
    assert 'id="policy/assistant-2"' not in Path("site/index.html").read_text(encoding="utf-8")


@pytest.mark.usefixtures("workspace")
def test_report_says_what_is_left_out(run: Run) -> None:
    broken = next(Path("spec/policies").rglob("assistant-2.yaml"))
    broken.write_text("schema: policy/1\nid: [", encoding="utf-8")
    code, _, err = run("report --out site")
    assert code == 0
    assert "left out, since it is not valid" in err
    assert "assistant-2.yaml" in Path("site/index.html").read_text(encoding="utf-8")


@pytest.mark.usefixtures("workspace")
def test_report_without_cases_or_taxonomy(run: Run) -> None:
    shutil.rmtree("cases")
    Path("cases").mkdir()
    assert run("report --out site")[0] == 0
    assert "There is no case yet" in Path("site/index.html").read_text(encoding="utf-8")
    Path("spec/taxonomy.yaml").unlink()
    code, out, err = run("report --out site")
    assert (code, out) == (2, "")
    assert "a report needs its words" in err


@pytest.mark.usefixtures("workspace")
def test_report_names_what_is_not_there(run: Run) -> None:
    code, _, err = run("report --out site --policy asistant-1")
    assert code == 2
    assert "did you mean `assistant-1`?" in err
    assert not Path("site").exists()
    with pytest.raises(UsageError, match="Jinja2"):
        _without_jinja()


def _without_jinja() -> None:
    from policy_preview.page import render

    held = {name: sys.modules.pop(name) for name in list(sys.modules) if name.partition(".")[0] == "jinja2"}
    sys.modules["jinja2"] = None  # type: ignore[assignment]  # which makes an import of it fail
    render._environment.cache_clear()
    try:
        render.need()
    finally:
        del sys.modules["jinja2"]
        sys.modules.update(held)
        render._environment.cache_clear()


def test_a_folder_that_is_not_ours_is_left_alone(workspace: Path, run: Run) -> None:
    for make in (_file, _foreign, _fake_list):
        folder = make(workspace / make.__name__)
        before = _contents(folder)
        code, out, err = run(f"report --out {folder}")
        assert (code, out) == (2, "")
        assert "not a folder" in err or "no report wrote" in err
        assert _contents(folder) == before
    code, _, err = run("report --out spec")
    assert code == 2
    assert "name a new or an empty folder" in err


def _file(path: Path) -> Path:
    path.write_text("mine", encoding="utf-8")
    return path


def _foreign(path: Path) -> Path:
    path.mkdir()
    (path / "index.html").write_text("mine", encoding="utf-8")
    return path


def _fake_list(path: Path) -> Path:
    path.mkdir()
    (path / MANIFEST).write_text('{"index.html":', encoding="utf-8")
    (path / "index.html").write_text("mine", encoding="utf-8")
    return path


def _contents(path: Path) -> Any:
    return path.read_bytes() if path.is_file() else {each.name: each.read_bytes() for each in path.iterdir()}


def test_a_made_up_list_takes_nothing_away(tmp_path: Path) -> None:
    """The list of an earlier run may come from a stranger: only plain pages beside it are ever removed."""
    folder = tmp_path / "site"
    folder.mkdir()
    (tmp_path / "precious.html").write_text("mine", encoding="utf-8")
    (folder / "linked.html").symlink_to(tmp_path / "precious.html")
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    names = ["../precious.html", "linked.html", "notes.txt", "/etc/passwd", 3, None, {"a": 1}, "old.html"]
    (folder / "old.html").write_text("ours", encoding="utf-8")
    (folder / MANIFEST).write_text(json.dumps(names), encoding="utf-8")
    own_folder(folder, {"index.html": b"new"})
    assert {path.name for path in folder.iterdir()} == {MANIFEST, "index.html", "linked.html", "notes.txt"}
    assert (tmp_path / "precious.html").read_text(encoding="utf-8") == "mine"


def test_a_page_that_is_a_link_is_replaced_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    own_folder(folder, {"index.html": b"old"})
    (folder / "index.html").unlink()
    (tmp_path / "precious").write_text("mine", encoding="utf-8")
    (folder / "index.html").symlink_to(tmp_path / "precious")
    own_folder(folder, {"index.html": b"new"})
    assert (folder / "index.html").read_bytes() == b"new"
    assert not (folder / "index.html").is_symlink()
    assert (tmp_path / "precious").read_text(encoding="utf-8") == "mine"


def test_a_half_written_folder_is_known_again(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / f"{HALF}x").mkdir()
    (folder / f"{HALF}x" / "0").write_bytes(b"<htm")
    own_folder(folder, {"index.html": b"new"})
    assert {path.name for path in folder.iterdir()} == {MANIFEST, "index.html"}


def test_a_disk_that_takes_nothing(workspace: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> Any:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        code, out, err = run("report --out site")
        assert (code, out) == (2, "")
        assert "cannot be written: No space left on device" in err
    with monkeypatch.context() as patched:
        patched.setattr(Path, "mkdir", full)
        assert "cannot be written: No space left on device" in run(f"report --out {workspace}/other")[2]
    code, _, err = run("report --out /proc/nothing/here")
    assert code == 2
    assert "cannot be written" in err
