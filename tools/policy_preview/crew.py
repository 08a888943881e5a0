"""One function over many things, in this process or in several."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from .core import UsageError
from .progress import steps

_T = TypeVar("_T")
_R = TypeVar("_R")
_A_PIECE = 16  # pieces of work for each process, so that none waits long for the others at the end
_WORK: list[tuple[Callable[[Any], Any], Sequence[Any]]] = []  # what the processes that were forked find there


def processors() -> int:
    """How many processors this process may use, where it can fork; else one."""
    if sys.platform != "linux":
        return 1
    return len(os.sched_getaffinity(0))


@contextmanager
def spread(function: Callable[[_T], _R], items: Sequence[_T], jobs: int, what: str) -> Iterator[Iterator[_R]]:
    """What `function` gives for each item, in order. With several `jobs`, processes begin on it before the body does,
    and are done with, whatever becomes of the body.

    Raises UsageError, when the results are taken, if such a process was killed.
    """
    if jobs < 2 or len(items) < 2 or sys.platform != "linux":
        yield map(function, steps(items, what))
        return
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    jobs = min(jobs, len(items))
    size = max(1, len(items) // (jobs * _A_PIECE))
    ranges = [range(start, min(start + size, len(items))) for start in range(0, len(items), size)]
    _WORK.append((function, items))
    crew = ProcessPoolExecutor(jobs, get_context("fork"), _deaf)
    try:
        pieces = [crew.submit(_piece, each) for each in ranges]
        yield (result for piece in steps(pieces, what) for result in piece.result())
    except BrokenProcessPool:
        raise UsageError("a process that helped was killed, perhaps for want of memory; try --jobs 1") from None
    finally:
        crew.shutdown(cancel_futures=True)
        _WORK.pop()


def _deaf() -> None:
    """A process that helps says nothing of an interrupt, and ends when the one that it helps does, killed or not."""
    from multiprocessing import parent_process
    from threading import Thread

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()

    def end() -> None:
        if parent:
            parent.join()
        if sys.platform != "win32":  # where no process helps
            os.kill(os.getpid(), signal.SIGKILL)  # whatever it is at

    Thread(target=end, daemon=True).start()


def _piece(numbers: range) -> list[Any]:
    function, items = _WORK[-1]
    return [function(items[number]) for number in numbers]
