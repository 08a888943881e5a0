"""The template under real git, and `diff` run on it; of use to more than one module of tests."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from policy_preview.__main__ import run as main

GIT = shutil.which("git") or ""
MARKS = [pytest.mark.skipif(not GIT, reason="needs git"), pytest.mark.usefixtures("nobody")]
Run = Callable[..., tuple[int, str, str]]
FAMILY = Path("cases/cyber/shop-sign-in.yaml")
FIRST, SECOND = (Path(f"spec/policies/acme/assistant-{n}.yaml") for n in (1, 2))
A, B, C = (f"shop-sign-in-{letter}" for letter in "abc")


def git(*words: str, stdin: bytes | None = None) -> str:
    return subprocess.run([GIT, *words], input=stdin, capture_output=True, check=True).stdout.decode().strip()


def commit(message: str = "more") -> str:
    git("add", "--all")
    git("commit", "--quiet", "--message", message)
    return git("rev-parse", "HEAD")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def committed(workspace: Path, nobody: None) -> Path:  # noqa: ARG001  # for what it does
    """The template as a repository with one commit on the branch main; a fixture where a module makes it one."""
    git("init", "--quiet", "--initial-branch=main")
    commit("first")
    return workspace


def differ(capsys: pytest.CaptureFixture[str]) -> Run:
    """The command `diff` in this process; a fixture where a module makes it one."""

    def go(*words: str) -> tuple[int, str, str]:
        code = main(["diff", *words])
        return code, *capsys.readouterr()

    return go


def changes(run: Run, *words: str) -> list[dict[str, Any]]:
    code, out, err = run(*words, "--format", "json")
    assert (code, err) == (0, ""), err
    return [change for policy in json.loads(out)["policies"] for change in policy["changes"]]
