"""One call of a command: wall and processor seconds, peak memory of the whole tree of processes, how it ended."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

_OFTEN, _SELDOM = 0.005, 0.02  # seconds between two looks at the memory, in the first half second and later
_TAIL = 4_000


@dataclass(frozen=True, slots=True)
class Took:
    """What a call took. `memory`: bytes, 0 where the system does not tell. `code`: None if stopped at the limit."""

    wall: float
    cpu: float
    memory: int
    code: int | None
    output: str


def took(command: Sequence[str], cwd: Path, limit: float, env: Mapping[str, str]) -> Took:
    """Run a command to its end, or kill it and its children at `limit` seconds. Both its streams go to a file.

    Processor time is that of the process and of all children it waited for. Memory is looked up in /proc: the largest
    sum, over the processes alive at once, of each one's own peak; what they share counts for each.
    """
    with tempfile.TemporaryFile() as stream:
        begin = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, start_new_session=True
        )
        watch = _Watch(process.pid, begin + limit)
        watch.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)  # so that it is not waited for again
        watch.done.set()
        watch.join()
        stream.seek(max(0, stream.seek(0, os.SEEK_END) - _TAIL))
        output = stream.read().decode("utf-8", "replace")
    code = None if watch.stopped else process.returncode
    return Took(wall, usage.ru_utime + usage.ru_stime, watch.peak, code, output)


class _Watch(Thread):
    """Looks at the memory of a tree of processes until it is done, and stops the tree at a deadline."""

    def __init__(self, pid: int, deadline: float) -> None:
        super().__init__(daemon=True)
        self.pid, self.deadline, self.begin = pid, deadline, time.perf_counter()
        self.done, self.peak, self.stopped = Event(), 0, False

    def run(self) -> None:
        """The loop of the thread."""
        while not self.done.is_set():
            self.peak = max(self.peak, sum(map(_peak, _tree(self.pid))))
            now = time.perf_counter()
            if now > self.deadline and not self.stopped and not self.done.is_set():
                self.stopped = True
                with suppress(ProcessLookupError):  # ended just now
                    os.killpg(self.pid, signal.SIGKILL)  # a session of its own: the children of this call, and no other
            self.done.wait(_OFTEN if now - self.begin < 0.5 else _SELDOM)


def _tree(pid: int) -> list[int]:
    """A process and all its children, as far as /proc tells."""
    found, pending = list[int](), [pid]
    while pending:
        found.append(pending.pop())
        try:
            for task in os.listdir(f"/proc/{found[-1]}/task"):  # noqa: PTH208  # many times a second
                with open(f"/proc/{found[-1]}/task/{task}/children", encoding="ascii") as file:  # noqa: PTH123  # likewise
                    pending += map(int, file.read().split())
        except OSError:  # gone meanwhile, or no such folder on this system
            continue
    return found


def _peak(pid: int) -> int:
    """The most memory that a process has held since its program started, in bytes."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as file:  # noqa: PTH123  # see above
            return next((int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM:")), 0)
    except OSError:
        return 0
