"""What a CI job has checked out, by real git: the base is found, or what is missing is said. Nothing is fetched."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from real_git import FIRST, GIT, SECOND, commit, edit, git  # beside this file

pytestmark = pytest.mark.skipif(not GIT, reason="needs git")
Run = Callable[[str], tuple[int, str, str]]
CHANGED = "assistant-1: 1 of 3 requests changes"


@pytest.fixture(autouse=True)
def _nobody(nobody: None) -> None:
    """No test here sees whose machine this is."""


class Forge:
    """A repository whose change 7 edits a policy, while main has gone on and edited another."""

    def __init__(self, folder: Path) -> None:
        git("init", "--quiet", "--initial-branch=main")
        self.start = commit("first")
        git("checkout", "--quiet", "-b", "change")
        edit(FIRST, "then: fires", "then: may-fire")
        self.tip = commit("the change")
        git("checkout", "--quiet", "main")
        edit(SECOND, "then: fires", "then: passes")
        self.main = commit("main goes on")
        git("checkout", "--quiet", "--detach", "main")
        git("merge", "--quiet", "--no-ff", "--message", "merged", "change")
        self.merge = git("rev-parse", "HEAD")
        git("update-ref", "refs/pull/7/merge", self.merge)
        git("update-ref", "refs/pull/7/head", self.tip)
        git("checkout", "--quiet", "main")
        git("config", "uploadpack.allowAnySHA1InWant", "true")
        self.url = f"file://{folder}"

    def checkout(self, ref: str, depth: int, folder: Path) -> None:
        """As actions/checkout and the runner of GitLab do it: one ref, so deep, on no branch."""
        folder.mkdir()
        os.chdir(folder)
        git("init", "--quiet", "--initial-branch=main")
        git("remote", "add", "origin", self.url)
        deep = [f"--depth={depth}"] if depth else []
        git("fetch", "--quiet", "--no-tags", *deep, "origin", f"+refs/pull/7/{ref}:refs/remotes/pull/7/{ref}")
        git("checkout", "--quiet", "--detach", f"refs/remotes/pull/7/{ref}")


@pytest.fixture
def forge(workspace: Path) -> Forge:
    return Forge(workspace)


@pytest.mark.parametrize("depth", [2, 3, 0])
@pytest.mark.parametrize("named", [True, False])
def test_the_merge_commit_with_its_parents(
    depth: int, named: bool, forge: Forge, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forge.checkout("merge", depth, tmp_path / "job")
    if named:
        monkeypatch.setenv("GITHUB_BASE_REF", "main")
        monkeypatch.setenv("GITHUB_SHA", forge.merge)
    code, out, err = run("diff")
    assert (code, err) == (0, "")
    assert out.startswith(f"the first parent of the merge commit HEAD, {forge.main[:9]} -> the working tree\n")
    assert CHANGED in out
    assert "assistant-2" not in out, "what main did is not told as the change's"
    _, out, _ = run("diff --format md")
    assert f"### Policy preview: the first parent of the merge commit HEAD, {forge.main[:9]} → the working tree" in out


def test_the_merge_base_goes_before(forge: Forge, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the branch is here after all."""
    forge.checkout("merge", 0, tmp_path / "job")
    git("fetch", "--quiet", "origin", "+refs/heads/main:refs/remotes/origin/main")
    monkeypatch.setenv("GITHUB_BASE_REF", "main")
    assert run("diff")[1].startswith(f"the merge base with origin/main, {forge.main[:9]} -> ")


@pytest.mark.parametrize("named", [True, False])
def test_depth_1_has_nothing(
    named: bool, forge: Forge, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forge.checkout("merge", 1, tmp_path / "job")
    if named:
        monkeypatch.setenv("GITHUB_BASE_REF", "main")
    code, out, err = run("diff --format md")
    assert (code, out) == (2, "")
    assert f"the branch {'`main` ' if named else ''}that this one is meant for is not here" in err
    assert "write `fetch-depth: 2` (the merge commit and its parents) or `fetch-depth: 0` (everything)" in err
    assert git("rev-list", "--all", "--count") == "1", "nothing is fetched"
    monkeypatch.delenv("GITHUB_BASE_REF", raising=False)
    assert run("diff HEAD")[0] == 0, "what is named is compared"


def test_a_merge_that_the_job_is_not_about(
    forge: Forge, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tip of a change that took main in: its first parent is its own, so that what it changed would be hidden."""
    forge.checkout("merge", 2, tmp_path / "job")
    monkeypatch.setenv("GITHUB_BASE_REF", "main")
    monkeypatch.setenv("GITHUB_SHA", forge.tip)
    code, out, err = run("diff")
    assert (code, out) == (2, "")
    assert "in GitHub workflows write `fetch-depth: 0` (everything)" in err
    monkeypatch.delenv("GITHUB_SHA")
    git("checkout", "--quiet", "-b", "mine")
    assert run("diff")[0] == 2, "nor a branch that somebody works on"


def test_the_tip_of_a_change(forge: Forge, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forge.checkout("head", 1, tmp_path / "job")
    monkeypatch.setenv("GITHUB_BASE_REF", "main")
    for name in ("main", ""):
        monkeypatch.setenv("GITHUB_BASE_REF", name)
        code, out, err = run("diff")
        assert (code, out) == (2, "")
        assert "write `fetch-depth: 0`" in err


def test_gitlab(forge: Forge, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its jobs check out the tip of the change, and name the merge base."""
    forge.checkout("head", 2, tmp_path / "job")
    monkeypatch.setenv("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main")
    monkeypatch.setenv("CI_COMMIT_SHA", forge.tip)
    monkeypatch.setenv("CI_MERGE_REQUEST_DIFF_BASE_SHA", forge.start)
    code, out, _ = run("diff")
    assert (code, CHANGED in out) == (0, True)
    assert out.startswith(f"the merge base with main, {forge.start[:9]} -> the working tree\n")
    for wrong in ("", "0" * 40, "--all", "$(touch pwned)"):
        monkeypatch.setenv("CI_MERGE_REQUEST_DIFF_BASE_SHA", wrong)
        code, out, err = run("diff")
        assert (code, out) == (2, "")
        assert "the branch `main` that this one is meant for is not here" in err
        assert "write `GIT_DEPTH: 0` under `variables:` of the job" in err


def test_a_shallow_clone_of_a_branch(forge: Forge, run: Run, tmp_path: Path) -> None:
    """Somebody's own: nothing says that it is meant for another branch."""
    git("clone", "--quiet", "--depth=1", forge.url, str(tmp_path / "mine"))
    os.chdir(tmp_path / "mine")
    assert run("diff")[1] == f"HEAD, {forge.main[:9]} -> the working tree\n\nno case changes\n"
