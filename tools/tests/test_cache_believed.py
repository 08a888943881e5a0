"""What of that which lies where findings are kept is believed: what a run of this user, version and library wrote."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import pytest
from test_cache import FAMILY, Run, kept  # beside this file

from policy_preview import cache as module
from policy_preview.cache import Cache


@pytest.mark.usefixtures("workspace")
def test_every_way_to_spoil_it_is_noticed(run: Run, looked: list[str]) -> None:
    FAMILY.write_text(FAMILY.read_text(encoding="utf-8").replace("risk: benign", "risk: bening"), encoding="utf-8")
    truth = run("validate --no-cache")
    assert truth[0] == 1
    assert run("validate") == truth
    good = kept().read_bytes()
    lines = good.splitlines(keepends=True)
    clean = json.loads(lines[2])[:6]
    clean[2] = True  # a file without findings, as somebody would forge it
    forged = [*lines[:2], json.dumps(clean, separators=(",", ":")).encode() + b"\n"]
    spoilt = [
        b"", b"\n", b"x", b"\0" * 1000, good[:-1], good[: len(good) // 2], good[1:], good + b"\n", good + good,
        good[:-40] + b"0" * 39 + b"\n", b"".join(lines[:-1]), b"".join([*forged, lines[-1]]), b"".join(forged),
        b"".join([*lines[:2], lines[-1]]), os.urandom(len(good)), lines[-1], b"[" * 100_000 + lines[-1],
        *(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :] for at in range(0, len(good), 97)),
    ]  # fmt: skip
    for bad in spoilt:
        kept().write_bytes(bad)
        looked.clear()
        assert run("validate") == truth
        assert looked, "all was looked at again"
        assert kept().read_bytes() == good, "and the file is whole again"


def test_a_link_or_a_pipe_in_its_place(workspace: Path, run: Run, looked: list[str]) -> None:
    truth = run("validate")
    home = kept()
    home.unlink()
    os.mkfifo(home)
    assert run("validate") == truth
    home.unlink()
    home.mkdir()
    assert run("validate") == truth
    home.rmdir()
    elsewhere = workspace.parent / "elsewhere"
    elsewhere.write_text("mine", encoding="utf-8")
    home.symlink_to(elsewhere)
    assert run("validate") == truth
    assert elsewhere.read_text(encoding="utf-8") == "mine", "nothing is written through a link"
    home.rename(elsewhere)
    home.symlink_to(elsewhere)
    looked.clear()
    assert run("validate") == truth
    assert looked, "nor read, though it is what a run wrote"


@pytest.mark.usefixtures("workspace")
def test_what_another_key_wrote_is_not_believed(run: Run, looked: list[str]) -> None:
    """As of a cache that was carried here from another machine, or from another user's home."""
    run("validate")
    key = Path.home() / ".local/state/policy-preview/key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert kept().parent.stat().st_mode & 0o777 == 0o700
    key.unlink()
    looked.clear()
    assert run("validate")[0] == 0
    assert looked
    assert len(key.read_bytes()) == 32
    for spoilt in (b"", b"x" * 31, b"x" * 33):
        key.write_bytes(spoilt)
        assert run("validate")[0] == 0
        assert len(key.read_bytes()) == 32
        assert key.read_bytes() != spoilt
    key.chmod(0o644)  # anybody may have read it
    looked.clear()
    before = kept().read_bytes()
    for _ in range(2):
        assert run("validate")[0] == 0
    assert looked.count("spec/") == 2, "nothing is believed or kept by a key that is not secret"
    assert kept().read_bytes() == before


def test_another_version_finds_nothing_kept(
    workspace: Path, run: Run, looked: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run("validate")
    mine = kept()
    for name, value in (("version", f"{sys.version} "), ("", "")):
        looked.clear()
        if name:
            monkeypatch.setattr(sys, name, value)
        else:  # a file of the tool has changed
            monkeypatch.undo()
            copy = tmp_path / "tool" / "policy_preview"
            shutil.copytree(Path(module.__file__).parent, copy)
            (copy / "rules" / "text.py").write_text("", encoding="utf-8")
            monkeypatch.setattr(module, "__file__", str(copy / "cache.py"))
        assert module._tool() == module._tool()
        other = Cache.of(workspace)
        assert (other.ground, dict(other.looked)) == (None, {})
        assert other._file
        shutil.copy(mine, other._file)
        other = Cache.of(workspace)
        assert (other.ground, dict(other.looked)) == (None, {}), "nor under its own name"
        other._file.unlink()


def test_another_version_of_a_library_is_another_tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = tmp_path / "weighing.py"
    library.write_text("", encoding="utf-8")
    os.utime(library, (1, 1))
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(module, "_LIBRARIES", ("weighing", "nowhere"))
    seen = {module._tool()}
    library.write_text("# more", encoding="utf-8")
    os.utime(library, (1, 1))
    seen.add(module._tool())
    os.utime(library, (2, 2))
    seen.add(module._tool())
    assert len(seen) == 3, "by its size and by its date"


@pytest.mark.usefixtures("workspace")
def test_another_workspace_or_directory_has_its_own(
    run: Run, looked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    FAMILY.write_text(FAMILY.read_text(encoding="utf-8").replace("risk: benign", "risk: bening"), encoding="utf-8")
    run("validate")
    mine = kept().read_bytes()
    monkeypatch.chdir("cases")
    looked.clear()
    code, out, _ = run("validate --format concise")
    assert (code, out.startswith("cyber/shop-sign-in.yaml:")) == (1, True), "named as seen from here"
    assert looked
    others = [path for path in (Path.home() / ".cache/policy-preview").glob("*.cache") if path.read_bytes() != mine]
    others[0].write_bytes(mine)
    looked.clear()
    assert run("validate --format concise")[:2] == (code, out), "one under the name of another is not believed"
    assert looked
