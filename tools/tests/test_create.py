"""New workspaces and skeletons: where they go, nothing overwritten, and nothing half-written."""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from policy_preview import create, schema
from policy_preview.core import UsageError
from policy_preview.workspace import load
from policy_preview.writing import HALF

Run = Callable[..., tuple[int, str, str]]
REPO = Path(__file__).resolve().parents[2]


def listing(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files} | {
        path.relative_to(folder).as_posix() + "/": b"" for path in folder.rglob("*") if path.is_dir()
    }


def whole() -> dict[str, bytes]:
    """What `init` writes: the template, and what an editor goes by."""
    schemas = {f"spec/schema/{path.name}": path.read_bytes() for path in schema.directory().iterdir()}
    setting = (REPO / ".vscode" / "settings.json").read_bytes()
    return listing(create.TEMPLATE) | schemas | {"spec/schema/": b"", ".vscode/": b"", ".vscode/settings.json": setting}


# --- init -------------------------------------------------------------------------------------------------------------


def test_init_makes_a_workspace_that_works(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run("init", "a b/c")
    assert (code, err) == (0, "")
    assert out == (
        "wrote 11 files to a b/c; next:\n  cd 'a b/c'\n  policy-preview validate\n  policy-preview preview\n"
    )
    made = tmp_path / "a b" / "c"
    assert listing(made) == whole(), "and no trace of how"
    monkeypatch.chdir(made)
    assert run("validate", "--strict")[0] == 0
    assert run("preview")[0] == 0
    assert run("diff", "assistant-1", "assistant-2")[0] == 0
    for command in re.findall(r"^    policy-preview (.*)$", (made / "README.md").read_text("utf-8"), re.MULTILINE):
        assert run(*command.split())[0] == 0, command


def test_init_here(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine.txt").write_text("kept", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    code, out, _ = run("init", ".")
    assert (code, out.splitlines()[1]) == (0, "  policy-preview validate"), "no need to change the folder"
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "kept"
    code, out, err = run("init", ".")
    assert (code, out) == (2, "")
    assert "already holds README.md, cases, spec; nothing was written" in err


@pytest.mark.parametrize("name", ["README.md", "spec", "cases"])
def test_init_overwrites_nothing(name: str, tmp_path: Path, run: Run) -> None:
    for make in (Path.touch, Path.mkdir, lambda path: path.symlink_to("nowhere")):
        folder = tmp_path / make.__name__.strip("<>")
        folder.mkdir()
        make(folder / name)
        before = sorted(folder.iterdir())
        code, out, err = run("init", str(folder))
        assert (code, out) == (2, "")
        assert f"already holds {name}; nothing was written" in err
        assert sorted(folder.iterdir()) == before


def test_init_where_it_cannot(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    for target in ("file", "file/below"):
        code, out, err = run("init", str(tmp_path / target))
        assert (code, out) == (2, "")
        assert "cannot be written: Not a directory" in err
    locked = tmp_path / "locked"
    locked.mkdir()
    locked.chmod(0o500)
    if os.geteuid() == 0:  # whom no permission stops
        monkeypatch.setattr(Path, "mkdir", refuse(errno.EACCES))
    code, out, err = run("init", str(locked / "new"))
    assert (code, out) == (2, "")
    assert "cannot be written: Permission denied" in err
    monkeypatch.undo()
    assert listing(locked) == {}


def refuse(number: int) -> Callable[..., object]:
    """A system call that fails."""

    def call(*_: object, **__: object) -> object:
        raise OSError(number, os.strerror(number))

    return call


@pytest.mark.parametrize("there", [True, False])
def test_init_interrupted_leaves_nothing(
    there: bool, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Errors and kills at every call are tried in test_cut.py."""
    folder = tmp_path / "outer" / "new"
    if there:
        folder.mkdir(parents=True)
        (folder / "mine.txt").touch()
    before = listing(tmp_path)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    for name in ("fsync", "link", "rename"):
        with monkeypatch.context() as patch:
            patch.setattr(os, name, interrupt)
            assert run("init", str(folder))[0] == 130
        assert listing(tmp_path) == before


def test_somebody_faster_is_not_overwritten(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What appears between the look and the move stays as it is, and what was moved before goes again."""

    def slow(_: int) -> None:
        (tmp_path / "spec").mkdir(exist_ok=True)
        (tmp_path / "spec" / "theirs.yaml").write_text("theirs", encoding="utf-8")

    monkeypatch.setattr(os, "fsync", slow)
    assert run("init", str(tmp_path))[0] == 2
    assert listing(tmp_path) == {"spec/": b"", "spec/theirs.yaml": b"theirs"}


def test_init_after_one_that_was_cut_short_keeps_what_was_edited_since(tmp_path: Path, run: Run) -> None:
    (tmp_path / f"{HALF}0").mkdir()
    shutil.copytree(create.TEMPLATE / "cases", tmp_path / "cases")
    shutil.copy(create.TEMPLATE / "README.md", tmp_path)
    (tmp_path / "README.md").write_text("mine", encoding="utf-8")
    code, _, err = run("init", str(tmp_path))
    assert (code, "already holds README.md; nothing" in err) == (2, True)
    shutil.copy(create.TEMPLATE / "README.md", tmp_path)
    assert run("init", str(tmp_path))[0] == 0
    assert listing(tmp_path) == whole()
    assert run("init", str(tmp_path))[0] == 2, "and that is all"


# --- file systems without hard links ----------------------------------------------------------------------------------


def test_without_hard_links(workspace: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", refuse(errno.EPERM))
    assert run("init", str(tmp_path / "new"))[0] == 0
    assert listing(tmp_path / "new") == whole()
    assert run("new", "fact", "more")[0] == 0
    made = workspace / "spec" / "evidence" / "more.yaml"
    text = made.read_bytes()
    assert text
    code, _, err = run("new", "fact", "more")
    assert code == 2
    assert "is already there; nothing was written" in err
    assert made.read_bytes() == text
    made.unlink()
    made.symlink_to("nowhere.yaml")
    assert run("new", "fact", "more")[0] == 2
    assert not (workspace / "spec" / "evidence" / "nowhere.yaml").exists()
    made.unlink()
    before = listing(workspace)
    monkeypatch.setattr(os, "rename", refuse(errno.EIO))
    assert run("new", "fact", "more")[0] == 2
    monkeypatch.undo()
    assert listing(workspace) == before


# --- new --------------------------------------------------------------------------------------------------------------

REFUSED = [
    ("family", "cyber/shop-sign-in", "there is a family `shop-sign-in` already, at cases/cyber/shop-sign-in.yaml"),
    ("family", "none/shop-sign-in", "there is a family `shop-sign-in` already"),
    ("policy", "other/assistant-1", "there is a policy `assistant-1` already"),
    ("fact", "register", "is already there; nothing was written"),
    ("family", "cybr/x", "unknown category `cybr`; did you mean `cyber`?"),
    ("family", "zzz/x", "unknown category `zzz`; the taxonomy has cyber, none"),
    ("family", "x", "must be CATEGORY/NAME"),
    ("policy", "x", "must be PROVIDER/NAME"),
    ("fact", "a/b", "must be NAME, the name of the new file"),
    ("family", "cyber/X", "in lower-case letters, digits and hyphens"),
    ("family", "cyber/../x", "must be CATEGORY/NAME"),
    ("policy", "../x", "must be PROVIDER/NAME"),
    ("policy", "acme/a--b", "must be PROVIDER/NAME"),
    ("fact", "", "must be NAME"),
    ("fact", "a.b", "must be NAME"),
    ("fact", "é", "must be NAME"),
    ("fact", "x" * 300, "cannot be written: File name too long"),
]


@pytest.mark.parametrize(("kind", "name", "words"), REFUSED)
def test_new_refuses(kind: str, name: str, words: str, workspace: Path, run: Run) -> None:
    before = listing(workspace)
    code, out, err = run("new", kind, name)
    assert (code, out) == (2, "")
    assert words in err
    assert listing(workspace) == before


def test_new_below_a_file(workspace: Path, run: Run) -> None:
    (workspace / "spec" / "policies" / "file").touch()
    assert "cannot be written: Not a directory" in run("new", "policy", "file/draft")[2]


def test_new_from_a_subfolder_and_outside(workspace: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(workspace / "cases")
    assert run("new", "family", "none/a")[1].startswith("wrote none/a.yaml; ")
    monkeypatch.chdir(workspace.parent)
    assert run("new", "fact", "b", "--root", "workspace")[1].startswith("wrote workspace/spec/evidence/b.yaml; ")
    with pytest.raises(UsageError, match="must be NAME"):
        create.new(load(workspace), "fact", "A")
