"""Runs of a command that end or wait before their n-th change of the file system, for every n; test_cut.py uses it.

As a program, since it forks: `python cut.py PLAN`, where PLAN is a file of JSON; the answer is JSON on standard output.
Each run is a fork with the tool imported, in a fresh copy of a folder, and the calls of `os` that change files are
counted. What changes files by another way is seen by an audit hook, and told as `missed`.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

from policy_preview import commands, create, validate  # noqa: F401  # imported once, before the forks
from policy_preview.__main__ import run
from policy_preview.export import files, hub  # noqa: F401  # likewise
from policy_preview.page import book, folder, render, site  # noqa: F401  # likewise
from policy_preview.quality import answers, packets  # noqa: F401  # likewise

CHANGES = ("open", "write", "fsync", "mkdir", "rmdir", "rename", "replace", "link", "unlink", "chmod")
AUDITED = {"os.mkdir", "os.rmdir", "os.rename", "os.link", "os.remove", "os.chmod", "os.symlink", "os.truncate"}
ERRORS = ("ENOSPC", "EACCES", "EROFS", "EIO")  # in turn
FREES = {"unlink", "rmdir"}  # what a full disk lets pass
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


class Seam:
    """Stands between the tool and `os`, and does `how` to the call with the number `at`, from 1."""

    def __init__(self, at: int, how: str) -> None:
        self.at, self.how, self.count, self.inside = at, how, 0, False
        self.call, self.missed = "", list[str]()
        for name in CHANGES:
            setattr(os, name, self._around(name, getattr(os, name)))
        os.fsync = lambda _: None  # counted; what a disk does after is not what is tried here
        os.fsync = self._around("fsync", os.fsync)
        sys.addaudithook(self._audit)

    def _around(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **more: Any) -> Any:
            if name == "open" and not (given[1] if len(given) > 1 else more["flags"]) & WRITES:
                return real(*given, **more)
            if name == "open" and given[0] == os.devnull:
                return real(*given, **more)
            self.count += 1
            if self.count == self.at:
                self.call = f"{name} {given[0]!s}"
            self._cut(name, real, given)
            self.inside = True
            try:
                return real(*given, **more)
            finally:
                self.inside = False

        return call

    def _cut(self, name: str, real: Callable[..., Any], given: tuple[Any, ...]) -> None:
        what, word = self.how, ERRORS[self.at % len(ERRORS)]
        if what == "kill" and self.count == self.at:
            if name == "write":
                real(given[0], bytes(given[1])[: len(given[1]) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        if what == "pause" and self.count == self.at:
            os.kill(os.getpid(), signal.SIGSTOP)
        fails = self.count == self.at if what == "once" else what == "from" and self.count >= self.at
        if fails and not (word == "ENOSPC" and name in FREES):
            number = getattr(errno, word)
            raise OSError(number, os.strerror(number))

    def _audit(self, event: str, given: tuple[Any, ...]) -> None:
        opened = event == "open" and isinstance(given[2], int) and given[2] & WRITES and given[0] != os.devnull
        if (opened or event in AUDITED) and not self.inside:
            self.missed.append(f"{event} {given[0]!s}")


def start(home: Path, words: list[str], at: int, how: str, said: Path) -> int:
    """A fork that runs the command in `home`. What it prints and what it counted goes to files named after `said`."""
    if child := os.fork():
        return child
    code = 99
    try:
        os.chdir(home)
        for number, end in ((1, "out"), (2, "err")):
            os.dup2(os.open(f"{said}.{end}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
        tell = os.open(f"{said}.told", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        write = os.write
        seam = Seam(at, how)
        code = run(words)
        sys.stderr.flush()
        write(tell, json.dumps([seam.count, seam.call, seam.missed]).encode())
    finally:
        os._exit(code)


def ended(child: int, said: Path) -> dict[str, Any]:
    """How it ended: code, or minus the signal; what it printed, how many changes it made, and those not seen."""
    status = os.waitpid(child, 0)[1]
    told = json.loads(Path(f"{said}.told").read_text() or '[0, "", []]')
    printed = {end: Path(f"{said}.{end}").read_text() for end in ("out", "err")}
    return {**printed, "code": os.waitstatus_to_exitcode(status), "count": told[0], "call": told[1], "missed": told[2]}


def state(home: Path) -> dict[str, str]:
    """Each file and folder below, by its path: what it holds, as a hash."""
    found = {}
    for path in sorted(home.rglob("*")):
        name = path.relative_to(home).as_posix()
        found[name] = (
            f"link {path.readlink()}" if path.is_symlink()
            else hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file()
            else "folder"
        )  # fmt: skip
    return found


def fresh(plan: dict[str, Any], name: str) -> tuple[Path, Path]:
    home = Path(plan["trials"]) / name
    shutil.copytree(plan["start"], home, symlinks=True)
    return home, home.with_name(f"{name}.said")


def warm(plan: dict[str, Any]) -> None:
    """Run the command once in this process, so that the forks need not load templates and schemas each for itself."""
    home, _ = fresh(plan, "warm")
    os.chdir(home)
    with redirect_stdout(StringIO()):
        run(plan["words"])


def every_cut(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """First the run that nothing cuts; then one for each change it makes, and the same command after it."""
    home, said = fresh(plan, "whole")
    whole = ended(start(home, plan["words"], 0, "", said), said)
    found = [{**whole, "after": state(home)}]
    for at in range(1, whole["count"] + 1):
        home, said = fresh(plan, str(at))
        done = ended(start(home, plan["words"], at, plan["how"], said), said)
        done["after"] = state(home)
        if plan["again"]:
            again = ended(start(home, plan["words"], 0, "", said), said)
            done |= {"again": again, "end": state(home)}
        found.append(done)
        shutil.rmtree(home)
    return found


def every_pause(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """First what either command makes of the folder alone; then one waits before each of its changes for the other."""
    alone = []
    for name in ("words", "other"):
        home, said = fresh(plan, name)
        alone.append(ended(start(home, plan[name], 0, "", said), said) | {"after": state(home)})
    found = [{"first": alone[0], "other": alone[1]}]
    for at in range(1, alone[0]["count"] + 1):
        home, said = fresh(plan, str(at))
        first = start(home, plan["words"], at, "pause", said)
        os.waitid(os.P_PID, first, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
        between = home.with_name(f"{at}.between")
        other = ended(start(home, plan["other"], 0, "", between), between)
        os.kill(first, signal.SIGCONT)
        found.append({"first": ended(first, said), "other": other, "after": state(home)})
        shutil.rmtree(home)
    return found


if __name__ == "__main__":
    given = json.loads(Path(sys.argv[1]).read_text())
    warm(given)
    print(json.dumps(every_pause(given) if given["how"] == "pause" else every_cut(given)))
