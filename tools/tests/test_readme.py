"""Runs the README: every command of its console blocks, in a copy of the repository, against the output shown.

A line `...` of the README stands for any number of lines. `UPDATE_DOCS=1` writes the outputs anew, shortened where a
block holds a line `...` to the head and tail lines that it shows.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

REPO = Path(__file__).resolve().parents[2]
README = REPO / "README.md"
HASH = re.compile(r"\b[0-9a-f]{9}\b")  # of the commit that the test makes
QUOTED = re.compile(r"^<!-- output of (.+) -->\n((?:>.*\n)+)", re.MULTILINE)  # Markdown, shown as it is rendered
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def commands(block: str) -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def agrees(shown: list[str], printed: list[str]) -> bool:
    """Whether what the README shows is what was printed, where `...` stands for any lines."""
    parts: list[list[str]] = [[]]
    for line in shown:
        if line == "...":
            parts.append([])
        else:
            parts[-1].append(line)
    if len(parts) == 1:
        return shown == printed
    head, *middle, tail = parts
    if printed[: len(head)] != head or (tail and printed[-len(tail) :] != tail):
        return False
    rest = printed[len(head) : len(printed) - len(tail)]
    for part in middle:
        starts = [i for i in range(len(rest) - len(part) + 1) if rest[i : i + len(part)] == part]
        if not starts:
            return False
        rest = rest[starts[0] + len(part) :]
    return True


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A clone of the working tree as it stands, with one commit."""
    copy = tmp_path / "policy-preview"
    copy.mkdir()
    for name in ("spec", "cases", "README.md", "LICENSE"):
        source = REPO / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, copy / name)
    who = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main"]
    git = ["git", "-C", str(copy), *who]
    for arguments in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message=all"]):
        subprocess.run([*git, *arguments], check=True)
    return copy


def test_console_blocks(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = README.read_text(encoding="utf-8")
    tools = Path(sys.executable).parent
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.delenv("GITHUB_BASE_REF", raising=False)
    where, ran = checkout, 0
    for block in BLOCK.findall(text):
        written = block
        for command, shown in commands(block):
            if command.startswith("python3 -m venv"):  # CI runs the set-up commands as they stand
                command = command.rpartition("&&")[2].strip().removeprefix(".venv/bin/")
            if command.startswith("cd "):
                where = (where / command[3:]).resolve()
                continue
            done = subprocess.run(command, shell=True, cwd=where, capture_output=True, text=True, timeout=300)  # noqa: S602  # as a reader types it
            assert done.stderr == "", command
            printed = HASH.sub("1a2b3c4d5", done.stdout).splitlines()
            if os.environ.get("UPDATE_DOCS") and shown.count("...") < 2:  # parts of the middle are chosen by hand
                written = rewritten(written, command, shown, printed)
            else:
                assert agrees(shown, printed), f"$ {command}\n" + done.stdout
            ran += 1
        text = text.replace(f"```console\n{block}```", f"```console\n{written}```")
    assert ran >= 8
    if os.environ.get("UPDATE_DOCS"):
        README.write_text(text, encoding="utf-8")


def rewritten(block: str, command: str, shown: list[str], printed: list[str]) -> str:
    if "..." in shown:
        at = shown.index("...")
        printed = [*printed[:at], "...", *printed[len(printed) - (len(shown) - at - 1) :]]
    old = next(line for line in block.splitlines() if line.startswith("$ ") and line.endswith(command))
    head, _, rest = block.partition(old + "\n")
    tail = rest.split("\n")[len(shown) :]
    return head + "\n".join([old, *printed, *tail])


def test_quoted_markdown(checkout: Path) -> None:
    """A comment as a reader sees it; `> ...` stands for any lines."""
    text = README.read_text(encoding="utf-8")
    (found,) = QUOTED.finditer(text)
    command, quoted = found.groups()
    shown = [line.removeprefix(">").removeprefix(" ") for line in quoted.splitlines()]
    words = [sys.executable, "-m", *command.replace("-", "_", 1).split()]
    done = subprocess.run(words, cwd=checkout, capture_output=True, text=True, check=True)
    printed = done.stdout.splitlines()
    if os.environ.get("UPDATE_DOCS"):
        at = shown.index("...")
        shown = [*printed[:at], "...", *printed[len(printed) - (len(shown) - at - 1) :]]
        new = "".join(f"> {line}".rstrip() + "\n" for line in shown)
        README.write_text(text.replace(quoted, new), encoding="utf-8")
    assert agrees(shown, printed)


GH = """#!/usr/bin/env bash
printf '%s\\n' "$*" >> "$LOG"
case "$*" in *--jq*) printf "$FOUND";; esac
"""


@pytest.mark.parametrize(
    ("found", "call"),
    [("", "api repos/o/r/issues/7/comments -F"), ("31\\n32\\n", "api --method PATCH repos/o/r/issues/comments/31 -F")],
)
def test_the_job_that_comments(checkout: Path, found: str, call: str, tmp_path: Path) -> None:
    """The lines of the README, with a stand-in for `gh`: one comment is written, and then the same is written anew."""
    blocks = re.findall(r"^```yaml\n(.*?)^```$", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    (step,) = next(steps for steps in map(yaml.safe_load, blocks) if "COMMENTS" in str(steps))
    (tmp_path / "gh").write_text(GH, encoding="utf-8")
    (tmp_path / "gh").chmod(0o755)
    path = os.pathsep.join([str(tmp_path), str(Path(sys.executable).parent), os.environ["PATH"]])
    job = {
        "GITHUB_REPOSITORY": "o/r",
        "COMMENTS": "repos/o/r/issues/7/comments",
        "FOUND": found,
        "LOG": str(tmp_path / "log"),
        "COMMENT": "comment.md",
    }
    comment = [sys.executable, "-m", "policy_preview", "diff", "--format", "md"]
    text = subprocess.run(comment, cwd=checkout, check=True, capture_output=True, text=True).stdout
    assert step["env"]["COMMENT"] == "${{ steps.preview.outputs.comment }}"
    subprocess.run(["bash", "-e", "-c", step["run"]], cwd=checkout, env={**os.environ, **job, "PATH": path}, check=True)  # noqa: S607  # the shell that a workflow has
    calls = (tmp_path / "log").read_text(encoding="utf-8").splitlines()
    assert calls[0].startswith("api --paginate repos/o/r/issues/7/comments --jq .[] | select(")
    assert calls[-1] == f"{call} body=@comment.md"
    assert f'startswith("{text.splitlines()[0]}")' in step["run"]
    assert "head.repo.full_name == github.repository" in step["if"], "never for a fork"


def yaml_blocks() -> list[Any]:
    text = README.read_text(encoding="utf-8")
    return [yaml.safe_load(block) for block in re.findall(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)]


def test_the_steps_for_github() -> None:
    """They use the action as it is: its inputs and outputs, with values that it takes."""
    action = yaml.safe_load((REPO / "action.yml").read_text(encoding="utf-8"))
    steps = next(block for block in yaml_blocks() if "OWNER/policy-preview@" in str(block) and "uses" in block[0])
    (step,) = (each for each in steps if each["uses"] == "OWNER/policy-preview@REVISION")
    assert set(step["with"]) <= set(action["inputs"])
    assert {True} == {*step["with"].values()}, "which an action gets as `true`"
    (comment,) = (block[0] for block in yaml_blocks() if "COMMENTS" in str(block))
    id, output = re.findall(r"steps\.(\w+)\.outputs\.(\w+)", comment["env"]["COMMENT"])[0]
    assert id == step["id"]
    assert output in action["outputs"]
    assert (REPO / "README.md").read_text(encoding="utf-8").count("no public address yet") == 1


@pytest.mark.parametrize("broken", [False, True])
def test_the_job_for_gitlab(broken: bool, workspace: Path) -> None:
    """Its script, in the shell that a runner of GitLab has, but for the line that installs."""
    (block,) = (block for block in yaml_blocks() if isinstance(block, dict) and "policy-preview" in block)
    job = block["policy-preview"]
    install, *script = job["script"]
    assert install.startswith('pip install "policy-preview @ git+https://')
    if broken:
        family = workspace / "cases/cyber/shop-sign-in.yaml"
        family.write_text(family.read_text(encoding="utf-8").replace("risk: benign", "risk: benig"), encoding="utf-8")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    env = {**os.environ, "PATH": path, "GITLAB_CI": "true", "CI": "true", "CI_PROJECT_DIR": str(workspace)}
    words = ["bash", "-e", "-o", "pipefail", "-c", "\n".join(script)]
    done = subprocess.run(words, env=env, cwd=workspace, check=False, capture_output=True, text=True)
    assert done.returncode == int(broken), done.stderr
    assert ("error PP104" in done.stdout) is broken
    found = json.loads((workspace / job["artifacts"]["reports"]["codequality"]).read_text(encoding="utf-8"))
    assert [each["location"]["path"] for each in found] == ["cases/cyber/shop-sign-in.yaml"] * broken
    assert job["artifacts"]["when"] == "always", "also where the job fails"
    shutil.rmtree("spec")
    shutil.rmtree("cases")
    assert subprocess.run(words, env=env, cwd=workspace, check=False, capture_output=True).returncode != 0


def test_the_job_for_gitlab_is_one(tmp_path: Path) -> None:
    (block,) = (block for block in yaml_blocks() if isinstance(block, dict) and "policy-preview" in block)
    (tmp_path / ".gitlab-ci.yml").write_text(yaml.safe_dump(block), encoding="utf-8")
    words = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.gitlab-ci", ".gitlab-ci.yml"]
    done = subprocess.run(words, cwd=tmp_path, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_excerpts_stand_in_the_files() -> None:
    found = re.findall(
        r"^```yaml excerpt (\S+)\n(.*?)^```$", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    assert len(found) >= 2
    for path, text in found:
        assert "\n" + text in (REPO / path).read_text(encoding="utf-8"), path


def test_set_up_commands_are_what_ci_runs() -> None:
    """CI takes the test command out of the README, so it must be there, alone in its block."""
    text = README.read_text(encoding="utf-8")
    for name in ("run", "tests"):
        assert len(re.findall(rf"^<!-- {name} -->\n```\w+\n(.+)\n", text, re.MULTILINE)) == 1
    assert '".[test]"' in text
    assert "<!-- tests -->" in (REPO / ".ci" / "run").read_text(encoding="utf-8")


def test_links_resolve() -> None:
    pages = ("README.md", "cases/README.md", "spec/README.md", ".github/CONTRIBUTING.md")
    for page in (REPO / name for name in pages):
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"
