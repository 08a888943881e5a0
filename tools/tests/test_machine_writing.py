"""What the machine may not let be written: nothing is left half done, and all that was there is as it was."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from surroundings import POSIX, TOOLS, complete, completed, listing, shell, soon  # beside this file

TEMPLATE = TOOLS / "policy_preview" / "template"
pytestmark = POSIX
home, _soon = pytest.fixture(completed), pytest.fixture(autouse=True)(soon)


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
        complete(root)
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
    env = {**os.environ, "PYTHONPATH": str(TOOLS), "PYTHONDONTWRITEBYTECODE": "1"}

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
    env = {**os.environ, "PYTHONPATH": str(TOOLS)}
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
