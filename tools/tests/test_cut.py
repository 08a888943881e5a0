"""Runs that are killed, refused or overtaken at any of their changes of the file system: nothing lost, nothing half.

For every command that writes, and every call by which it changes a file or folder (`cut.py` counts them): the process
is killed before it, half-way through it where it writes, or the call fails, or another run goes by meanwhile.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from policy_preview.__main__ import run as main
from policy_preview.writing import HALF

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
TEMPLATE = Path(__file__).resolve().parents[1] / "policy_preview" / "template"
CUT = Path(__file__).with_name("cut.py")
CARD = {
    "name": "small-set", "title": "A small set", "description": "Three cases.", "license": "CC-BY-4.0",
    "license_url": "https://creativecommons.org/licenses/by/4.0/", "creators": ["Somebody"], "version": "0.1.0",
    "citation": "Somebody: A small set. 2026.", "published": "2026-01-05", "url": "https://example.org/small-set",
}  # fmt: skip
GUIDE = "# Cases\n\n## Labelling guide\n\nRead it.\n"
ERRORS = {os.strerror(number) for number in (errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EIO)}
FAMILY = "cases/cyber/shop-sign-in.yaml"


def nothing(root: Path) -> None:
    """No workspace yet, and a file of somebody's."""
    shutil.rmtree(root)
    root.mkdir()
    (root / "mine.txt").write_text("mine", encoding="utf-8")


def plain(root: Path) -> None:
    (root / "cases" / "card.json").write_text(json.dumps(CARD), encoding="utf-8")
    (root / "cases" / "README.md").write_text(GUIDE, encoding="utf-8")
    (root / "cases" / "agreement").mkdir()
    (root / "cases" / "agreement" / "INSTRUCTIONS.md").write_text("Label each text.\n", encoding="utf-8")


def older(root: Path) -> None:
    """What the commands wrote before a case was edited."""
    plain(root)
    for command in ("export jsonl out.jsonl", "export csv out.csv", "export hub hub", "report --site --out pages"):
        assert main(command.split()) == 0
    text = (root / FAMILY).read_text(encoding="utf-8")
    (root / FAMILY).write_text(text.replace("I look after", "You know that I look after"), encoding="utf-8")


Start = Callable[[Path], None]
COMMANDS: dict[str, Start] = {
    "init new/one": nothing,
    "init .": nothing,
    "new policy other/draft": plain,
    "new family cyber/gate": plain,
    "export jsonl out.jsonl": plain,
    "export jsonl out.jsonl --force": older,
    "export csv out.csv --force": older,
    "export parquet out.parquet": plain,
    "export hub hub": plain,
    "export hub hub --force": older,
    "report --out pages": older,
    "report --site --out pages": plain,
    "report --site --policy assistant-1 --out pages": older,
    "agreement --draw packets first": plain,
}


@pytest.fixture
def cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """Runs of a command in copies of its folder, as `cut.py` tells them; the folder before, as the first of all."""

    def go(command: str, how: str, again: bool = False, other: str = "") -> Any:
        root = tmp_path / "start"
        shutil.copytree(TEMPLATE, root)
        monkeypatch.chdir(root)
        COMMANDS[command](root)
        capsys.readouterr()
        plan = {"start": str(root), "trials": str(tmp_path), "words": command.split(), "how": how, "again": again}
        (tmp_path / "plan").write_text(json.dumps({**plan, "other": other.split()}), encoding="utf-8")
        words = [sys.executable, str(CUT), str(tmp_path / "plan")]
        done = subprocess.run(words, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr
        import cut as states

        return states.state(root), json.loads(done.stdout)

    return go


def is_half(name: str) -> bool:
    return any(part.startswith(HALF) for part in name.split("/"))


def results(state: dict[str, str]) -> dict[str, str]:
    """The files of a state, without what nobody reads and without folders, which hold nothing themselves."""
    return {name: what for name, what in state.items() if what != "folder" and not is_half(name)}


def nothing_lost(before: dict[str, str], after: dict[str, str], whole: dict[str, str]) -> None:
    """Every file is the old one or the new one, and none is gone that the whole run keeps."""
    old, now, new = map(results, (before, after, whole))
    for name, what in now.items():
        assert what in (old.get(name), new.get(name)), f"{name} is neither the old nor the new one"
    for name in old:
        assert name in now or name not in new, f"{name} is gone"


@pytest.mark.parametrize("command", COMMANDS)
def test_killed_at_any_change(command: str, cut: Callable[..., Any]) -> None:
    before, (whole, *cuts) = cut(command, "kill", again=True)
    assert (whole["code"], whole["missed"]) == (0, [])
    assert results(before) != results(whole["after"])
    assert not any(map(is_half, whole["after"]))
    assert len(cuts) == whole["count"] > 4
    for done in cuts:
        assert done["code"] == -9
        nothing_lost(before, done["after"], whole["after"])
        again = done["again"]
        assert results(done["end"]) == results(whole["after"]), "the same command does what is left to do"
        if again["code"]:
            assert again["code"] == 2
            assert "already" in again["err"], "nothing was left to do"
            assert results(done["after"]) == results(whole["after"])
        else:
            assert done["end"] == whole["after"], "and no rests"


@pytest.mark.parametrize("how", ["once", "from"])
@pytest.mark.parametrize("command", COMMANDS)
def test_refused_at_any_change(command: str, how: str, cut: Callable[..., Any]) -> None:
    """Once, after which it can clean up, and from then on, as on a disk that broke; the errors take turns."""
    before, (whole, *cuts) = cut(command, how)
    seen = set()
    for done in cuts:
        nothing_lost(before, done["after"], whole["after"])
        assert done["code"] in (0, 2), done["err"]
        if done["code"]:
            told = [word for word in ERRORS if done["err"].endswith(f": {word}\n")]
            assert told, done["err"]
            assert done["err"].startswith("policy-preview: `")
            assert done["out"] == ""
            seen |= {*told}
        else:
            assert results(done["after"]) == results(whole["after"])
        if how == "once" and not done["call"].startswith(("unlink", "rmdir")):
            assert not any(map(is_half, done["after"])), done["call"]
            if done["code"] and not command.startswith(("report", "export hub hub --force")):
                assert done["after"] == before, "as if it had never run"
    assert seen == ERRORS


PAIRS = {
    "init new/one": "init new/one",
    "init .": "init .",
    "new policy other/draft": "new policy other/draft",
    "export jsonl out.jsonl": "export jsonl out.jsonl --policy assistant-1",
    "export csv out.csv --force": "export csv out.csv --force --policy assistant-1",
    "export hub hub": "export hub hub --policy assistant-1",
    "export hub hub --force": "export hub hub --force --policy assistant-1",
    "report --site --out pages": "report --out pages",
    "agreement --draw packets first": "agreement --draw packets first --seed 2",
}
BOTH = {"export csv out.csv --force", "report --site --out pages"}  # one after the other is as good


@pytest.mark.parametrize("command", PAIRS)
def test_overtaken_at_any_change(command: str, cut: Callable[..., Any]) -> None:
    """Two at once: what is there in the end is what one of them makes of it alone, and each says whether it did."""
    _, (alone, *pairs) = cut(command, "pause", other=PAIRS[command])
    wholes = [alone["first"]["after"], alone["other"]["after"]]
    assert pairs
    for pair in pairs:
        codes = [pair["first"]["code"], pair["other"]["code"]]
        assert sorted(codes) == [0, 2] or (codes == [0, 0] and command in BOTH), pair
        assert pair["after"] in [whole for code, whole in zip(codes, wholes, strict=True) if code == 0]
        for done in (pair["first"], pair["other"]):
            assert done["code"] == 0 or "already" in done["err"] or "another run is writing" in done["err"]
