"""The bytes of a file that may be anything, since somebody else has put it there. Imports nothing of ours."""

from __future__ import annotations

import os
import stat
from pathlib import Path

# Without waiting for who may never write, and byte for byte: names that only some systems know.
READING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class NotRegularError(ValueError):
    """Something other than a file with bytes in it; `mode` says what, as `stat` does."""

    def __init__(self, mode: int) -> None:
        super().__init__("it is not a regular file")
        self.mode = mode


def regular(path: Path, most: int) -> bytes:
    """What a file holds, of more than `most` bytes one more than those. Raises OSError, and NotRegularError.

    Looked at before it is opened, and opened without waiting: a pipe must not hang the run.
    """
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode):
        raise NotRegularError(mode)
    with os.fdopen(os.open(path, READING), "rb") as file:
        return file.read(most + 1)
