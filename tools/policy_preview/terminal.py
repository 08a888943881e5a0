"""Standard output and standard error: when they are coloured, and what shows there while something takes long."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TextIO

from .core import UsageError
from .progress import WATCHED, Step

WHEN = ("auto", "always", "never")
_QUIET = 1.0  # seconds before anything is said of what goes on
_TICK = 0.2
_BAR = 12


def is_coloured(when: str, stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether a stream gets colour. The option goes first, then NO_COLOR, then what forces it, then the terminal."""
    if when != "auto":
        return when == "always"
    if environment.get("NO_COLOR"):
        return False
    if any(environment.get(name, "0") not in ("", "0") for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    return _is_terminal(stream) and environment.get("TERM") != "dumb"


def asked(arguments: Sequence[str]) -> str:
    """What `--color` asks for, even where the rest of a command line cannot be read."""
    found = "auto"
    for word, after in zip(arguments, [*arguments[1:], ""], strict=False):
        value = after if word == "--color" else word.removeprefix("--color=")
        found = value if value in WHEN and word.startswith("--color") else found
    return found


class Terminal:
    """The two streams of one run."""

    def __init__(self, when: str = "auto") -> None:
        self._when = when
        self._status: _Status | None = None

    def out(self, text: str, *, commands: bool = False) -> None:
        """The result, on standard output. A reader that has seen enough, such as `head`, changes no exit code.

        `commands`: its lines may be commands to a CI runner, since the report that made them saw to the rest.
        """
        from .report.ink import plain
        from .report.layout import guarded

        self._stop()
        text = text if is_coloured(self._when, sys.stdout, os.environ) else plain(text)
        try:
            sys.stdout.write(text if commands else "\n".join(guarded(line) for line in text.split("\n")))
            sys.stdout.flush()
        except OSError as error:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what is left in the buffer
            if not isinstance(error, BrokenPipeError):
                raise UsageError(f"the result cannot be written: {error.strerror}") from error

    def note(self, text: str, start: str = "") -> None:
        """A line on standard error, after a `start` of ours that is set off."""
        from .report.ink import LOUD, painted
        from .report.layout import guarded, safe

        if start and is_coloured(self._when, sys.stderr, os.environ):
            line = painted(start, [LOUD] * len(start)) + safe(text)
        else:
            line = guarded(start + safe(text))
        with self._status.hidden() if self._status else nullcontext(), suppress(OSError):
            print(line, file=sys.stderr)  # a reader that is gone changes no exit code

    @contextmanager
    def watching(self) -> Iterator[None]:
        """While this lasts, a line on standard error tells what goes on, if it takes long and a person may look."""
        if not _is_terminal(sys.stderr) or os.environ.get("TERM", "") in ("", "dumb") or os.environ.get("CI"):
            yield
            return
        self._status = _Status(sys.stderr)
        token = WATCHED.set(self._status.steps)
        try:
            yield
        finally:
            WATCHED.reset(token)
            self._stop()

    def _stop(self) -> None:
        if self._status:
            self._status.stop()
            self._status = None


class _Status:
    """One line that a thread of its own keeps writing over itself, since a step may last long; wiped at the end."""

    def __init__(self, stream: TextIO) -> None:
        from threading import Event, Lock, Thread

        self.steps: list[Step] = []
        self._stream, self._begun, self._drawn = stream, time.monotonic(), False
        self._lock, self._ended = Lock(), Event()
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        wait = _QUIET
        while not self._ended.wait(wait):
            wait = _TICK
            with self._lock:
                if not self._ended.is_set():
                    self._drawn = True
                    shown = status_line(list(self.steps), time.monotonic() - self._begun, self._columns())
                    self._write(f"\r{shown}\x1b[K")

    @contextmanager
    def hidden(self) -> Iterator[None]:
        """Take the line away; it comes back with the next tick after."""
        with self._lock:
            if self._drawn:
                self._write("\r\x1b[K")
                self._drawn = False
            yield

    def stop(self) -> None:
        self._ended.set()
        with self.hidden():
            pass

    def _write(self, text: str) -> None:
        with suppress(OSError, ValueError):  # a terminal that is gone
            self._stream.write(text)
            self._stream.flush()

    def _columns(self) -> int:
        try:
            return os.get_terminal_size(self._stream.fileno()).columns or 80
        except OSError:
            return 80


def status_line(steps: Sequence[Step], seconds: float, columns: int) -> str:
    """What goes on, in a line that ends before the last column; the bar shows how many outermost steps are done."""
    from .report.layout import safe, width

    words = [f"{s.what}: {s.name}".removesuffix(": ") + f", {s.number:,} of {s.of:,}" for s in steps]
    done = _BAR * (steps[0].number - 1) // steps[0].of if steps else 0
    bar = f"[{'#' * done:.<{_BAR}}] " if steps else ""
    end = f"  {seconds:.0f} s"
    room = columns - 1 - len(end)
    texts = [safe("; ".join(words)), safe(words[0])] if words else ["working"]
    shown = next((line for line in (*(bar + text for text in texts), *texts) if width(line) <= room), texts[-1])
    while width(shown) > room:
        shown = shown[:-1]
    return shown + end


def refused(error: OSError) -> str:
    """What the machine refused, in a line."""
    try:
        Path.cwd()
    except OSError:
        return "the current folder is gone, or may not be entered; change to another one"
    named = f"`{error.filename}`: " if error.filename else ""
    return f"{named}{error.strerror or error}"


def _is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except ValueError:  # closed
        return False
