"""Workspaces for tests: the template that `init` writes, alone or with files of a test laid over it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from policy_preview.__main__ import run as main

REPO = Path(__file__).resolve().parents[2]
TEMPLATE = REPO / "tools" / "policy_preview" / "template"


@pytest.fixture(autouse=True)
def _no_wishes(monkeypatch: pytest.MonkeyPatch) -> None:
    """No colour, and no progress, that the environment of whoever runs the tests asks for or refuses."""
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "CI"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the template, which is clean, as the current directory."""
    root = tmp_path / "workspace"
    shutil.copytree(TEMPLATE, root)
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[[str], tuple[int, str, str]]:
    """A command, as its words with blanks between them: exit code, standard output, standard error."""

    def go(command: str) -> tuple[int, str, str]:
        code = main(command.split())
        return code, *capsys.readouterr()

    return go
