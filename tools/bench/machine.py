"""Where and when a table was made, in a line above it."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]


def line() -> str:
    """Date, state of the repository, processor, cores, memory, system, Python and Node."""
    node = shutil.which("node")
    words = [
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        f"at {_said('git', '-C', str(REPO), 'describe', '--always', '--dirty')}",
        f"{_first('/proc/cpuinfo', 'model name') or platform.processor()}, {os.cpu_count()} cores",
        f"{int((_first('/proc/meminfo', 'MemTotal') or '0').split()[0]) / 1e6:.0f} GB",
        f"{platform.system()} {platform.release().partition('-')[0]}",
        f"Python {platform.python_version()}",
        *([f"Node {_said(node, '--version').removeprefix('v')}"] if node else []),
    ]
    return "; ".join(words)


def _first(file: str, key: str) -> str:
    try:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return next((each.partition(":")[2].strip() for each in lines if each.startswith(key)), "")


def _said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
