"""What the machine may refuse or hand over instead of a file: each is answered soon, with 0, 1 or 2 and plain words."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from policy_preview.writing import HALF

TESTS = Path(__file__).resolve().parent
TEMPLATE = TESTS.parent / "policy_preview" / "template"
FAMILY = Path("cases/cyber/shop-sign-in.yaml")
Run = Callable[[str], tuple[int, str, str]]
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="pipes, users and limits of POSIX")


class TooLong(BaseException):
    """Neither an error of the system nor one that anybody catches."""


@pytest.fixture(autouse=True)
def _soon() -> Iterator[None]:
    """What waits for ever fails, instead of waiting for ever."""

    def ring(*_: object) -> None:
        raise TooLong

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(120)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def listing(folder: Path) -> dict[str, str]:
    """Every entry below a folder, and how large a file is; nothing is opened."""
    return {
        path.relative_to(folder).as_posix(): str(path.lstat().st_size) if path.is_file() else "no file"
        for path in folder.rglob("*")
    }


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


@pytest.fixture
def home(workspace: Path) -> Path:
    """A workspace that every command can work with."""
    _complete(workspace)
    return workspace


def _complete(root: Path) -> None:
    names = ("name", "title", "description", "license", "license_url", "citation", "version", "published", "url")
    card = {**dict.fromkeys(names, "x"), "creators": ["x"]}
    (root / "cases" / "card.json").write_text(json.dumps(card), encoding="utf-8")
    (root / "cases" / "README.md").write_text("# x\n\n## Labelling guide\n\nRead.\n", encoding="utf-8")
    (root / "cases" / "agreement").mkdir()
    (root / "cases" / "agreement" / "INSTRUCTIONS.md").write_text("Label.\n", encoding="utf-8")


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


def shell(script: str, cwd: Path, **more: Any) -> tuple[int, str, str]:
    """A script of the shell, in which `tool` is the command."""
    start = f"tool() {{ '{sys.executable}' -P -m policy_preview \"$@\"; }}; "
    env = {**os.environ, "PYTHONPATH": str(TESTS.parent), "PYTHONDONTWRITEBYTECODE": "1"}
    words = ["/bin/sh", "-c", start + script]
    done = subprocess.run(words, cwd=cwd, env=env, capture_output=True, text=True, timeout=60, check=False, **more)
    return done.returncode, done.stdout, done.stderr


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


# --- permissions -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mask", "file", "folder"), [("000", 0o666, 0o777), ("022", 0o644, 0o755), ("077", 0o600, 0o700)]
)
def test_the_umask_is_minded(mask: str, file: int, folder: int, home: Path) -> None:
    commands = ("init new", "export jsonl out.jsonl", "export hub hub", "report --out pages",
                "agreement --draw packets first", "new policy other/x")  # fmt: skip
    before = set(home.rglob("*"))
    code, _, err = shell(f"umask {mask}; " + " && ".join(f"tool {command}" for command in commands), home)
    assert code == 0, err
    made = [path for path in home.rglob("*") if path not in before]
    assert len(made) > 20
    for path in made:
        assert path.stat().st_mode & 0o777 == (folder if path.is_dir() else file), path
    (home / "out.jsonl").chmod(0o640)
    (home / "spec" / "policies" / "other" / "x.yaml").unlink()
    assert shell(f"umask {mask}; tool export jsonl out.jsonl --force", home)[0] == 0
    assert (home / "out.jsonl").stat().st_mode & 0o777 == 0o640, "the one that is replaced had other ones"


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that another user can come to."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "w"
        shutil.copytree(TEMPLATE, root)
        Path(name).chmod(0o755)
        (root / "out.jsonl").write_text("mine", encoding="utf-8")
        _complete(root)
        yield root


WRITING = {
    "new fact more": "spec/evidence/more.yaml",
    "init new": "`new`",
    "export jsonl out.jsonl --force": "`out.jsonl`",
    "export jsonl other.jsonl": "`other.jsonl`",
    "export hub hub": "`hub`",
    "report --out pages": "`pages`",
    "agreement --draw packets first": "`packets`",
}
# Root, whom no permission stops, becomes another user; what the command imports late, that one may not be able to read.
AS_NOBODY = """
import io, os, shutil, sys
from contextlib import redirect_stdout
from policy_preview.__main__ import run
scratch, *words = sys.argv[1:]
home = os.getcwd()
shutil.copytree(home, scratch)
for folder, _, files in os.walk(scratch):
    for name in (".", *files):
        os.chmod(os.path.join(folder, name), 0o755)
os.chdir(scratch)
with redirect_stdout(io.StringIO()):
    assert run(words) == 0
os.chdir(home)
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
sys.exit(run(words))
"""


def test_where_one_may_not_write(public: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(TESTS.parent), "PYTHONDONTWRITEBYTECODE": "1"}

    def as_nobody(number: int, command: str) -> Any:
        if os.geteuid():  # then it is the folders that change
            for path in (public, *public.rglob("*")):
                path.chmod(path.stat().st_mode & 0o555)
        words = [sys.executable, "-P", "-c", AS_NOBODY, str(public.with_name(str(number))), *command.split()]
        return subprocess.run(words, cwd=public, env=env, capture_output=True, text=True, timeout=60, check=False)

    before = listing(public)
    for number, (command, named) in enumerate(WRITING.items()):
        done = as_nobody(number, command)
        assert (done.returncode, done.stdout) == (2, ""), (command, done.stderr)
        assert named in done.stderr
        assert done.stderr.endswith("cannot be written: Permission denied\n")
    for number, command in enumerate(("validate", "preview", "quality"), len(WRITING)):
        assert as_nobody(number, command).returncode == 0, "reading is enough for these"
    assert listing(public) == before
    for path in (public, *public.parent.rglob("*")):
        path.chmod(path.stat().st_mode | 0o700)


# --- a disk that is full ---------------------------------------------------------------------------------------------


def own_mounts() -> bool:
    """Whether a process here may have file systems of its own."""
    words = ["/bin/sh", "-c", "unshare -rm mount -t tmpfs none /mnt"]
    done = subprocess.run(words, capture_output=True, check=False)
    return done.returncode == 0


FULL = {
    "No space left on device": "mount -o remount,size=64k $d && cat /dev/zero > $d/filler; truncate -s -4K $d/filler",
    "No space left on device ": "mount -o remount,nr_inodes=4 $d && touch $d/filler",
    "Read-only file system": "touch $d/filler && mount -o remount,ro $d",
}


@pytest.mark.parametrize("words", FULL, ids=["no room", "no more files", "read-only"])
def test_a_disk_that_takes_no_more(words: str, home: Path, tmp_path: Path) -> None:
    """A small file system in memory, which a process of its own mounts: it goes away with it."""
    if not own_mounts():
        pytest.skip("no file system can be mounted here")
    disk = tmp_path / "disk"
    disk.mkdir()
    start = f"d={disk}; mount -t tmpfs none $d && echo old > $d/old.jsonl; {FULL[words]}; "
    end = "; echo $?; find $d -mindepth 1 ! -name filler; cat $d/old.jsonl"
    tool = f"'{sys.executable}' -P -m policy_preview "
    env = {**os.environ, "PYTHONPATH": str(TESTS.parent)}
    for command in ("report --site --out $d/pages", "export parquet $d/old.jsonl --force", "export hub $d/hub",
                    "init $d/new", "agreement --draw $d/packets first"):  # fmt: skip
        before = listing(home)
        done = subprocess.run(
            ["unshare", "-rm", "/bin/sh", "-c", start + tool + command + end],  # noqa: S607  # the one on the path
            cwd=home, env=env, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.stdout == f"2\n{disk}/old.jsonl\nold\n", (command, done.stderr)
        assert f"cannot be written: {words.strip()}" in done.stderr
        assert listing(home) == before, "and no key of packets that are not there"


@pytest.mark.parametrize("most", [0, 1000, 8000])
def test_files_that_may_not_grow(most: int, home: Path) -> None:
    """A limit on the size of files, as `ulimit -f` sets it; needs no mounting."""
    (home / "old.jsonl").write_text("mine", encoding="utf-8")
    for command in ("report --out pages", "export jsonl old.jsonl --force", "export parquet x.parquet", "init new",
                    "agreement --draw packets first"):  # fmt: skip
        before = listing(home)
        code, out, err = shell(
            f"tool {command}", home, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        )
        if code == 0:
            assert most == 8000
            continue
        assert (code, out) == (2, ""), err
        assert "cannot be written: File too large" in err
        assert listing(home) == before


# --- two at once -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command", ["init {}", "new policy other/p{}", "export jsonl out{}.jsonl --force", "report --out p{}"]
)
def test_two_real_processes(command: str, home: Path) -> None:
    """As test_cut.py tries it step by step, here as it comes."""
    env = {**os.environ, "PYTHONPATH": str(TESTS.parent)}
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
