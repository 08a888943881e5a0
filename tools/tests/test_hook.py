"""The hook of pre-commit, as others use it: from a clone of this repository, in an environment that pre-commit builds.

Building that takes some 20 seconds and a package registry, once; `-m "not registry"` leaves it out.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

REPO = Path(__file__).resolve().parents[2]
FAMILY = Path("cases/cyber/shop-sign-in.yaml")
NEEDED = (".pre-commit-hooks.yaml", "pyproject.toml", "README.md", "LICENSE", "tools/policy_preview", "spec/schema")
pytestmark = pytest.mark.registry


def git(where: Path, *words: str) -> str:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main")
    done = subprocess.run(["git", "-C", str(where), *who, *words], check=True, capture_output=True, text=True)  # noqa: S607  # the git of whoever runs this
    return done.stdout.strip()


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with this working tree, as far as it is installed: a clone would lack what is not committed."""
    where = tmp_path_factory.mktemp("published")
    for name in NEEDED:
        (where / name).parent.mkdir(parents=True, exist_ok=True)
        if (REPO / name).is_dir():
            shutil.copytree(REPO / name, where / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(REPO / name, where / name)
    git(where, "init", "--quiet")
    git(where, "add", "--all")
    git(where, "commit", "--quiet", "--message=all")
    return where


@pytest.mark.usefixtures("nobody")
def test_the_hook(published: Path, workspace: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "home"))
    hook: dict[str, Any] = {
        "repo": published.as_uri(),
        "rev": git(published, "rev-parse", "HEAD"),
        "hooks": [{"id": "policy-preview"}],
    }
    Path(".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [hook]}), encoding="utf-8")
    git(workspace, "init", "--quiet")
    git(workspace, "add", "--all")

    def commit() -> tuple[int, str]:
        """What `git commit` runs of pre-commit, for the files that are staged."""
        words = [sys.executable, "-m", "pre_commit", "run", "--color", "never"]
        done = subprocess.run(words, check=False, capture_output=True, text=True, timeout=600)
        return done.returncode, done.stdout

    code, out = commit()
    assert code == 0, out
    assert "\npolicy-preview validate" in out
    assert out.endswith("Passed\n")
    git(workspace, "commit", "--quiet", "--message=all")

    text = FAMILY.read_text(encoding="utf-8")
    FAMILY.write_text(text.replace("risk: benign", "risk: benig"), encoding="utf-8")
    git(workspace, "add", "--all")
    code, out = commit()
    assert code == 1
    assert f"{FAMILY}:12:11: error PP104: `benig` is not a" in out
    assert "checked 5 files" in out, "all of them, for a change in one"

    git(workspace, "reset", "--quiet", "--hard")
    Path("spec/taxonomy.yaml").unlink()
    git(workspace, "add", "--all")
    code, out = commit()
    assert code == 1, "what is gone is missed"
    assert "PP139" in out

    git(workspace, "reset", "--quiet", "--hard")
    Path("policy-preview.toml").write_text("ignor = []\n", encoding="utf-8")
    git(workspace, "add", "--all")
    code, out = commit()
    assert code == 1
    assert "unknown key `ignor`; did you mean `ignore`?" in out

    git(workspace, "reset", "--quiet", "--hard")
    Path("policies").mkdir()
    for name in ("spec", "cases"):
        shutil.move(name, f"policies/{name}")
    hook["hooks"] = [{"id": "policy-preview", "args": ["--root=policies"]}]
    Path(".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [hook]}), encoding="utf-8")
    git(workspace, "add", "--all")
    assert commit()[0] == 0
    (Path("policies") / FAMILY).write_text(text.replace("risk: benign", "risk: benig"), encoding="utf-8")
    git(workspace, "add", "--all")
    code, out = commit()
    assert code == 1
    assert f"policies/{FAMILY}:12:11: error PP104: `benig` is not a" in out
