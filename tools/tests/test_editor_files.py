"""What an editor goes by: written with a workspace, renewed after an update, told of when old, and never read."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from policy_preview import editor, schema
from policy_preview.__main__ import run as main
from policy_preview.workspace import load

Run = Callable[[str], tuple[int, str, str]]
REPO = Path(__file__).resolve().parents[2]
NOTE = "spec/schema is not as this version has it, and an editor goes by it: policy-preview init --schemas ."


@pytest.fixture
def bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> Path:
    """A workspace as `init` writes it, as the current directory."""
    monkeypatch.chdir(tmp_path)
    assert run("init made")[0] == 0
    monkeypatch.chdir("made")
    return tmp_path / "made"


def test_the_setting_names_each_file_by_the_kind_it_is_for() -> None:
    bound = json.loads(editor.setting())["yaml.schemas"]
    assert list(bound) == [f"spec/schema/{kind}.schema.json" for kind in ("policy", "evidence", "taxonomy", "family")]
    assert {Path(path).name for path in bound} == {path.name for path in schema.directory().iterdir()}
    for file in load(REPO).files:
        path = file.path.relative_to(REPO)
        kinds = [Path(name).name for name, globs in bound.items() if any(_matches(path, glob) for glob in globs)]
        assert kinds == [f"{file.kind}.schema.json"], path


def _matches(path: Path, glob: str) -> bool:
    head, star, end = glob.partition("**/*")
    text = path.as_posix()
    return text.startswith(head) and text.endswith(end) if star else text == glob


def test_it_stands_in_the_repository_and_in_the_readme_of_a_workspace(bound: Path) -> None:
    assert (REPO / ".vscode" / "settings.json").read_text(encoding="utf-8") == editor.setting()
    assert (bound / ".vscode" / "settings.json").read_text(encoding="utf-8") == editor.setting()
    block = re.search(r"(?m)^    \{\n(?:    .*\n)+    \}\n", (bound / "README.md").read_text(encoding="utf-8"))
    assert block
    assert re.sub("(?m)^    ", "", block.group()) == editor.setting()


def test_settings_that_are_there_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.chdir(tmp_path)
    for make in (Path.mkdir, Path.touch, lambda path: path.symlink_to("nowhere")):
        folder = tmp_path / "made"
        folder.mkdir()
        make(folder / ".vscode")
        before = (folder / ".vscode").lstat()
        code, out, err = run("init made")
        assert (code, out.splitlines()[0]) == (0, "wrote 10 files to made; next:")
        assert err == "left as it was: .vscode; README.md shows the setting for an editor\n"
        assert run("init --schemas made")[1:] == (
            "wrote spec/schema/evidence.schema.json, spec/schema/family.schema.json,\n"
            "  spec/schema/policy.schema.json, spec/schema/taxonomy.schema.json to made\n",
            "",
        )
        assert (folder / ".vscode").lstat() == before
        shutil.rmtree(folder)


def test_what_is_old_is_told_and_renewed(bound: Path, run: Run) -> None:
    home, ours = bound / "spec" / "schema", editor.schemas()
    assert run("validate") == (0, "checked 5 files, 2 policies, 3 cases, 3 facts: no findings\n", "")
    for change in (
        lambda path: path.write_bytes(path.read_bytes().replace(b'"fires"', b'"fire"')),
        lambda path: path.write_bytes(path.read_bytes() + b"\n"),
        lambda path: path.write_bytes(path.read_bytes()[:-1]),
        Path.unlink,
    ):
        change(home / "policy.schema.json")
        code, out, err = run("validate --strict")
        assert (code, out) == (0, "checked 5 files, 2 policies, 3 cases, 3 facts: no findings\n"), "it misleads none"
        assert err == NOTE + "\n"
        assert run("validate --strict --format json")[2] == NOTE + "\n"
        assert run("init --schemas .")[0] == 0
        assert {path.name: path.read_bytes() for path in home.iterdir()} == ours, "and nothing else"
        assert run("validate")[2] == ""


def test_other_line_ends_are_no_other_version(bound: Path, run: Run) -> None:
    for name, data in editor.schemas().items():
        (bound / "spec" / "schema" / name).write_bytes(data.replace(b"\n", b"\r\n"))
    assert run("validate")[2] == ""


def test_a_workspace_without_copies_needs_none_and_may_get_some(workspace: Path, run: Run) -> None:
    assert run("validate")[2] == ""
    assert run("init --schemas .")[1].startswith("wrote spec/schema/evidence.schema.json, ")
    assert (workspace / ".vscode" / "settings.json").read_text(encoding="utf-8") == editor.setting()
    assert {path.name: path.read_bytes() for path in (workspace / "spec" / "schema").iterdir()} == editor.schemas()
    assert run("validate --strict") == (0, "checked 5 files, 2 policies, 3 cases, 3 facts: no findings\n", "")


def test_only_in_a_workspace(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "spec").mkdir()
    for name in (".", "nowhere"):
        code, out, err = run(f"init --schemas {name}")
        assert (code, out) == (2, "")
        assert err == f"policy-preview: `{name}` is no workspace: it does not hold both spec/ and cases/; " + (
            "nothing was written\n"
        )
    assert list(tmp_path.rglob("*")) == [tmp_path / "spec"]


@pytest.mark.parametrize("link", ["spec", "spec/schema"])
def test_no_link_is_followed_to_write(link: str, bound: Path, tmp_path: Path, run: Run) -> None:
    elsewhere = tmp_path / "elsewhere"
    (bound / link).rename(elsewhere)
    (bound / link).symlink_to(elsewhere)
    (elsewhere / ("policy.schema.json" if link == "spec/schema" else "schema/policy.schema.json")).write_text("mine")
    before = sorted(path.read_bytes() for path in elsewhere.rglob("*") if path.is_file())
    assert (run("validate")[2] == "") == (link == "spec/schema"), "nor to read, but for the workspace's own folder"
    code, out, err = run("init --schemas .")
    assert (code, out) == (2, "")
    assert f"`{link}` is a link; put a folder there" in err
    assert sorted(path.read_bytes() for path in elsewhere.rglob("*") if path.is_file()) == before


@pytest.mark.parametrize("kind", ["fifo", "folder", "link", "circle", "large"])
def test_a_strange_copy_is_not_opened(kind: str, bound: Path, tmp_path: Path, run: Run) -> None:
    path = bound / "spec" / "schema" / "policy.schema.json"
    same = path.read_bytes()
    path.unlink()
    if kind == "fifo":
        os.mkfifo(path)  # whoever opens it waits for ever
    elif kind == "folder":
        path.mkdir()
    elif kind == "link":
        (tmp_path / "same.json").write_bytes(same)
        path.symlink_to(tmp_path / "same.json")
    elif kind == "circle":
        path.symlink_to(path.name)
    else:
        with path.open("wb") as file:
            file.truncate(2**40)  # takes no room, and would take a terabyte of memory
    code, _, err = run("validate --strict")
    assert (code, err) == (0, NOTE + "\n")
    code, out, err = run("init --schemas .")
    if kind == "folder":
        assert (code, out) == (2, "")
        assert "`spec/schema/policy.schema.json` cannot be written: Is a directory" in err
    else:
        assert code == 0
        assert path.read_bytes() == same
        assert not path.is_symlink()
    assert (tmp_path / "same.json").exists() == (kind == "link")


def test_no_schema_of_a_workspace_is_believed(bound: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in (bound / "spec" / "schema").iterdir():
        path.write_text("true", encoding="utf-8")  # a schema that accepts everything
    case = bound / "cases" / "cyber" / "shop-sign-in.yaml"
    case.write_text(case.read_text(encoding="utf-8").replace("risk: restricted", "risk: restrited"), encoding="utf-8")
    assert main(["validate"]) == 1
    assert "PP104" in capsys.readouterr().out
