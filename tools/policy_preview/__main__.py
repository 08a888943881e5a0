"""`python -m policy_preview` and the command `policy-preview`. PYTHON_ARGCOMPLETE_OK"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TextIO


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line. Exit codes: 0 clean, 1 findings, 2 could not run as asked, 3 internal fault."""
    from .cli import main

    # A stream that was closed before the start is None in Python.
    sys.stdout, sys.stderr = (s or open(os.devnull, "w") for s in (sys.stdout, sys.stderr))  # noqa: PTH123, SIM115  # open to the end
    for stream in (sys.stdout, sys.stderr):
        # A terminal or pipe that cannot show a character gets an escape instead of a fault.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="backslashreplace")
    try:
        code = main(sys.argv[1:] if arguments is None else arguments)
    except SystemExit as stop:  # --help, --version, or an option that is none
        code = stop.code if isinstance(stop.code, int) else 2
    except KeyboardInterrupt:
        code = 130
    except Exception as error:
        code = 130 if _interrupted(error) else _fault(error)
    lost = _emptied(sys.stdout)  # of --help and --version; other results see to it themselves
    if lost and not isinstance(lost, BrokenPipeError):  # whose reader has seen enough
        with suppress(OSError):
            print(f"policy-preview: the result cannot be written: {lost.strerror}", file=sys.stderr)
        code = 2
    _emptied(sys.stderr)
    return code


def _emptied(stream: TextIO) -> OSError | None:
    """Nothing is left in a stream's buffer, which Python would end with a code of its own for. What went wrong."""
    try:
        stream.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        return error
    return None


def _interrupted(error: BaseException | None) -> bool:
    """Whether an interrupt is behind an error: where a class is being made, Python 3.11 turns it into one."""
    return error is not None and (isinstance(error, KeyboardInterrupt) or _interrupted(error.__cause__))


def _fault(error: Exception) -> int:
    if "POLICY_PREVIEW_TRACEBACK" in os.environ:
        raise error
    words = ascii(str(error)[:200]).replace("##", "# #")
    with suppress(OSError):
        print(
            f"policy-preview: internal fault: {type(error).__name__}: {words}\n"
            "please report it; POLICY_PREVIEW_TRACEBACK=1 in the environment shows where",
            file=sys.stderr,
        )
    return 3


if __name__ == "__main__":
    sys.exit(run())
