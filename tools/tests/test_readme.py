"""Runs the README: every command of its console blocks, in a copy of the repository, against the output shown.

A line `...` of the README stands for any number of lines. `UPDATE_DOCS=1` writes the outputs anew, shortened where a
block holds a line `...` to the head and tail lines that it shows.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
README = REPO / "README.md"
HASH = re.compile(r"\b[0-9a-f]{9}\b")  # of the commit that the test makes
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
            done = subprocess.run(command, shell=True, cwd=where, capture_output=True, text=True, timeout=300)  # noqa: S602
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
