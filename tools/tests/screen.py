"""A terminal for a piece of Python code: what it is sent, what is left on its screen, and the escapes of ours."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import time

ESCAPE = re.compile("\x1b\\[(?:0|1|1;31|3[1256])m")
XTERM = {"TERM": "xterm", "NO_COLOR": "", "CI": ""}


def on_terminal(code: str, env: dict[str, str], interrupt: str = "") -> tuple[int, str]:
    """Python code with a terminal as both streams: exit code, and all that the terminal was sent."""
    parent, child = pty.openpty()
    words = [sys.executable, "-c", code]
    with subprocess.Popen(words, stdout=child, stderr=child, stdin=child, env={**os.environ, **env}) as process:
        os.close(child)
        sent, late = b"", time.monotonic() + 60
        while time.monotonic() < late:
            try:
                part = os.read(parent, 4096)
            except OSError:  # as Linux says that the other side is closed
                break
            sent += part
            if not part:
                break
            if interrupt and interrupt.encode() in sent:
                process.send_signal(signal.SIGINT)
                interrupt = ""
        os.close(parent)
        return process.wait(timeout=60), sent.decode().replace("\r\n", "\n")


def seen(sent: str) -> str:
    """What is left on the screen, of lines that are written over."""
    return re.sub(r"\r[^\n\r]*\x1b\[K", "", sent)
