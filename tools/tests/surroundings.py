"""What the tests of the machine share: a workspace for every command, the shell, and a clock that ends what waits."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

TOOLS = Path(__file__).resolve().parents[1]
POSIX = pytest.mark.skipif(not hasattr(os, "fork"), reason="pipes, users and limits of POSIX")


class TooLong(BaseException):
    """Neither an error of the system nor one that anybody catches."""


def soon() -> Iterator[None]:
    """What waits for ever fails, instead of waiting for ever; a fixture where a module makes it one."""

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


def complete(root: Path) -> None:
    """Add what the commands need that publish the cases or draw packets of them."""
    names = ("name", "title", "description", "license", "license_url", "citation", "version", "published", "url")
    card = {**dict.fromkeys(names, "x"), "creators": ["x"]}
    (root / "cases" / "card.json").write_text(json.dumps(card), encoding="utf-8")
    (root / "cases" / "README.md").write_text("# x\n\n## Labelling guide\n\nRead.\n", encoding="utf-8")
    (root / "cases" / "agreement").mkdir()
    (root / "cases" / "agreement" / "INSTRUCTIONS.md").write_text("Label.\n", encoding="utf-8")


def completed(workspace: Path) -> Path:
    """A workspace that every command can work with; a fixture where a module makes it one."""
    complete(workspace)
    return workspace


def shell(script: str, cwd: Path, **more: Any) -> tuple[int, str, str]:
    """A script of the shell, in which `tool` is the command."""
    start = f"tool() {{ '{sys.executable}' -P -m policy_preview \"$@\"; }}; "
    env = {**os.environ, "PYTHONPATH": str(TOOLS), "PYTHONDONTWRITEBYTECODE": "1"}
    words = ["/bin/sh", "-c", start + script]
    done = subprocess.run(words, cwd=cwd, env=env, capture_output=True, text=True, timeout=60, check=False, **more)
    return done.returncode, done.stdout, done.stderr
