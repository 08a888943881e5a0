"""What the machine may refuse or hand over instead of a file: each is answered soon, with 0, 1 or 2 and plain words."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from surroundings import POSIX, TOOLS, completed, listing, shell, soon  # beside this file

from policy_preview.writing import HALF

Run = Callable[[str], tuple[int, str, str]]
pytestmark = POSIX
home, _soon = pytest.fixture(completed), pytest.fixture(autouse=True)(soon)


# --- what stands where a path leads ----------------------------------------------------------------------------------


def a_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name)  # in the current folder: a long path would not do


def a_huge_file(path: Path) -> None:
    path.touch()
    os.truncate(path, 1 << 36)


THINGS: dict[str, Callable[[Path], object]] = {
    "pipe": os.mkfifo,
    "socket": a_socket,
    "loop": lambda path: path.symlink_to(path.name),
    "dangling": lambda path: path.symlink_to("nowhere"),
    "empty": Path.touch,
    "huge": a_huge_file,
    "zero": lambda path: path.symlink_to("/dev/zero"),
    "a\x1b[31m::error::b": Path.touch,
    "\u202ex": Path.touch,
    "x" * 300: lambda _: None,
    "missing/deeper": lambda _: None,
}
TAKE = (
    "validate *", "preview --root *", "validate --root *", "diff *", "diff assistant-1 *", "quality --jsonl *",
    "export jsonl *", "export hub *", "report --out *", "agreement --draw * first", "init *", "explain *", "preview *",
)  # fmt: skip
MADE = {"export hub *", "report --out *", "agreement --draw * first", "init *"}  # with the folders above it


@pytest.mark.parametrize("name", THINGS)
@pytest.mark.parametrize("command", TAKE)
def test_odd_things(command: str, name: str, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from policy_preview.__main__ import run

    THINGS[name](home / name)
    before = listing(home)
    code = run(command.replace("*", name).split(" "))
    out, err = capsys.readouterr()
    if command in MADE and name == "missing/deeper":
        assert (code, err) == (0, "")
        return
    assert (code, out) == (2, ""), err
    assert err.count("\n") == 1
    assert err.rstrip("\n").isprintable(), "also what is not, is"
    assert not err.startswith("::")
    assert listing(home) == before


def test_standard_input_as_a_set() -> None:
    """A pipe that somebody writes into is read to its end; one that nobody does, is not waited for."""
    lines = "".join(json.dumps({"text": f"word{n} and more", "label": "ab"[n % 2]}) + "\n" for n in range(40))
    words = [sys.executable, "-P", "-m", "policy_preview", "quality", "--jsonl", "/dev/stdin"]
    done = subprocess.run(words, input=lines, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, "40 texts" in done.stdout) == (0, True), done.stderr
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, "empty" in done.stderr) == (2, True)


# --- the process and its surroundings --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command", ["validate", "export jsonl x.jsonl", "report --out x", "init x", "new fact x", "diff"]
)
def test_a_folder_that_is_gone(command: str, tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    code, out, err = shell(f"cd gone && rmdir ../gone && tool {command}", tmp_path)
    assert (code, out) == (2, "")
    assert "the current folder is gone" in err or "cannot be written: No such file or directory" in err


@pytest.mark.usefixtures("nobody")
def test_the_rest_of_the_surroundings(home: Path) -> None:
    for script, words in (
        ("unset HOME; tool validate && tool report --out out && tool diff assistant-1 assistant-2", ""),
        ("tool validate <&- && tool quality <&-", ""),
        ("export TMPDIR=$PWD/nowhere; tool validate && tool export csv out.csv", ""),
        ("export PATH=$PWD/nowhere; tool validate && tool diff HEAD", "there is none on the path"),
        ("export LC_ALL=C PYTHONUTF8=0 PYTHONCOERCECLOCALE=0; tool validate && tool export jsonl out.jsonl", ""),
    ):
        code, out, err = shell(script, home)
        assert (code, words in err) == (2 if words else 0, True), err
        assert out.startswith("checked 5 files")
    assert b"\\u" not in (home / "out.jsonl").read_bytes(), "what is written is UTF-8 whatever the locale says"


@pytest.mark.usefixtures("home", "nobody")
def test_no_folder_for_what_is_passing(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    if not shutil.which("git"):
        pytest.skip("needs git")
    for words in ("init --quiet", "add --all", "commit --quiet --message=x"):
        subprocess.run(["git", *words.split()], check=True)  # noqa: S607  # the one on the path
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    code, out, err = run("diff HEAD")
    assert (code, out) == (2, "")
    assert "No such file or directory" in err


# --- two at once -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command", ["init {}", "new policy other/p{}", "export jsonl out{}.jsonl --force", "report --out p{}"]
)
def test_two_real_processes(command: str, home: Path) -> None:
    """As test_cut.py tries it step by step, here as it comes."""
    env = {**os.environ, "PYTHONPATH": str(TOOLS)}
    for turn in range(4):
        words = [sys.executable, "-P", "-m", "policy_preview", *command.format(turn).split()]
        both = [subprocess.Popen(words, cwd=home, env=env, stdout=-1, stderr=-1) for _ in range(2)]
        codes = []
        for each in both:
            _, err = each.communicate(timeout=60)
            codes.append(each.returncode)
            assert each.returncode in (0, 2), err
        assert 0 in codes
        if command.startswith(("init", "new")):
            assert sorted(codes) == [0, 2]
        assert not [path for path in home.rglob("*") if path.name.startswith(HALF)]
