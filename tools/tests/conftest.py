"""Workspaces for tests: the template that `init` writes, alone or with files of a test laid over it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
TEMPLATE = REPO / "tools" / "policy_preview" / "template"


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the template, which is clean, as the current directory."""
    root = tmp_path / "workspace"
    shutil.copytree(TEMPLATE, root)
    monkeypatch.chdir(root)
    return root
