"""What runs, is read and is written when a command is given a workspace in which every file is a trap."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

import pytest
from traps import FIRST, MARK, REPO, Run, environment, git, laid  # beside this file

from policy_preview.__main__ import run as main

TESTS = Path(__file__).resolve().parent
trapped = pytest.fixture(scope="module")(laid)
pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="needs git")
COMMANDS = (
    "validate", "validate --format json spec", "preview", "preview shop-sign-in", "diff", "diff HEAD..HEAD --format md",
    "diff assistant-1 assistant-2", "history", "coverage", "gaps", "quality", "explain PP120",
    "export jsonl ../out/cases.jsonl", "export csv ../out/cases.csv", "export parquet ../out/cases.parquet",
    "export hub ../out/hub", "report --out ../out/report", "report --site --measure --out ../out/site",
    "agreement --draw ../out/packets first", "agreement held", "new fact more", "init ../out/new", "--version",
)  # fmt: skip
OWN = r"spec/schema/\w+\.schema\.json|policy-preview\.toml"  # read by validate alone
CARDS = r"cases/(README\.md|card\.json|agreement/(INSTRUCTIONS\.md|\w+/[\w./]+\.jsonl?))"
READ = rf"{OWN}|{CARDS}|(spec|cases)/[\w./-]+\.ya?ml"
OBJECTS = {"rev-parse", "merge-base", "ls-tree", "cat-file"}
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
Event = tuple[str, list[Any]]


def spied(command: str, folder: Path, **more: str) -> list[Event]:
    """The events of the audit hook while a command runs in a folder, as the installed script runs it."""
    seen = folder.parent / "events"
    words = [sys.executable, str(TESTS / "spy.py"), str(seen), *command.split()]
    done = subprocess.run(
        words,
        cwd=folder,
        env=environment(HOME=str(folder.parent / "home"), **more),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return [(event, given) for event, given in json.loads(seen.read_text(encoding="utf-8"))]


@pytest.fixture(scope="module")
def every(trapped: Path) -> dict[str, list[Event]]:
    """The events of every command."""
    return {command: spied(command, trapped) for command in COMMANDS}


def test_only_installed_code_runs(every: dict[str, list[Event]], trapped: Path) -> None:
    assert not (trapped.parent / "pwned").exists()
    installed = _installed()
    for command, events in every.items():
        ran = {given[0] for event, given in events if event in ("exec", "compile")}
        ran |= {given[1] for event, given in events if event == "import"}
        odd = {name for name in ran if name and not name.startswith("<") and not _below(name, trapped, installed)}
        assert not odd, command
        assert len(ran) > 20
        started = [given for event, given in events if event.startswith(("subprocess.", "os.")) and "exec" in event]
        started += [
            given for event, given in events if event.startswith(("subprocess.", "os.posix", "os.system", "pty"))
        ]
        assert {Path(given[0]).name for given in started} <= {"git"}, command
        assert bool(started) == (command.startswith("diff") and "assistant" not in command)


def test_the_module_is_as_safe_with_p(trapped: Path) -> None:
    """`python -m` puts the current folder first, and what lies there runs before the tool: the page says so."""
    for option, runs in (("-P", False), ("", True)):
        words = [sys.executable, *option.split(), "-m", "policy_preview", "validate"]
        done = subprocess.run(words, cwd=trapped, env=environment(), capture_output=True, timeout=60, check=False)
        assert (trapped.parent / "pwned").exists() == runs, done.stderr
    (trapped.parent / "pwned").unlink()


def _installed() -> list[Path]:
    """Where Python, its libraries and the tool lie."""
    paths = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    paths += [
        sys.prefix,
        sys.base_prefix,
        REPO / "tools" / "policy_preview",
        REPO / "spec" / "schema",
        TESTS / "spy.py",
    ]
    return [Path(os.path.realpath(path)) for path in paths]


def _below(name: str, here: Path, folders: list[Path]) -> bool:
    path = Path(os.path.realpath(here / name))
    return any(path == folder or folder in path.parents for folder in folders)


def _passing(path: Path) -> bool:
    """Where `diff` puts an older tree, what `tempfile` tries, and what tells libraries of the machine."""
    machine = ("/proc", "/sys", "/usr/share/zoneinfo", "/etc/localtime", os.devnull)
    if any(path.is_relative_to(each) for each in machine):
        return True
    temporary = Path(os.path.realpath(tempfile.gettempdir()))
    parts = path.relative_to(temporary).parts if path.is_relative_to(temporary) else ()
    return len(parts) == 1 or (len(parts) > 1 and parts[0].startswith("policy-preview-"))


def test_what_is_read(every: dict[str, list[Event]], trapped: Path) -> None:
    installed = _installed()
    for command, events in every.items():
        opened = [given for event, given in events if event == "open" and isinstance(given[0], str)]
        read = {name for name, _, flags in opened if not (flags or 0) & (WRITES | os.O_DIRECTORY)}
        odd, seen = set(), set()
        for name in read:
            path = Path(os.path.realpath(trapped / name))
            if path.is_relative_to(trapped):
                seen.add(path.relative_to(trapped).as_posix())
            elif not _below(
                name, trapped, [*installed, trapped.parent / "out", trapped.parent / "home"]
            ) and not _passing(path):
                odd.add(name)
        assert not odd, command
        assert {name for name in seen if not re.fullmatch(READ, name)} == set(), command
        assert not any("/." in f"/{name}" for name in seen), command
        of_validate = any(name.startswith("spec/schema") or name.endswith(".toml") for name in seen)
        assert of_validate == command.startswith("validate")
        if command.split()[0] in ("validate", "preview", "diff", "report"):
            assert FIRST.as_posix() in seen


def test_what_is_written(every: dict[str, list[Event]], trapped: Path) -> None:
    told = {
        "export": "../out/",
        "report": "../out/",
        "agreement --draw": "../out/",
        "init": "../out/",
        "new": "spec/evidence",
        "validate": "../home/",
    }
    for command, events in every.items():
        home = next((folder for words, folder in told.items() if command.startswith(words)), "")
        changed = {given[0] for event, given in events if event == "open" and (given[2] or 0) & WRITES}
        changed |= {given[0] for event, given in events if event in ("os.mkdir", "os.rename", "os.link", "os.remove")}
        paths = {Path(os.path.realpath(trapped / name)) for name in changed if isinstance(name, str)} - {
            Path(os.devnull)
        }
        key = {trapped / "cases/agreement/first"} if "--draw" in command else set()
        allowed = {Path(os.path.realpath(trapped / home)) if home else Path("/nowhere"), *key}
        odd = {path for path in paths if not any(path.is_relative_to(folder) for folder in allowed)}
        assert not {path for path in odd if path.is_relative_to(trapped.parent) or not _passing(path)}, command
        second = command != COMMANDS[0] and command.startswith("validate")  # which finds all kept by the first
        assert bool(paths) == bool((home and not second) or ("diff" in command and "assistant" not in command)), command


def test_no_connection(every: dict[str, list[Event]]) -> None:
    """Not even one to the machine itself, and no name is looked up."""
    for command, events in every.items():
        kinds = ("socket.", "urllib.", "http.", "ftplib.", "smtplib.", "webbrowser.")
        assert [event for event, _ in events if event.startswith(kinds) and event != "socket.__new__"] == [], command


def test_data_is_never_compiled(every: dict[str, list[Event]]) -> None:
    """No text of a file is part of anything that Python compiles, runs or unpickles, also where a template shows it."""
    for command, events in every.items():
        assert not [given for event, given in events if event in ("compile", "exec") and given[1]], command
        assert not [given for event, given in events if event.startswith("pickle.") and MARK in str(given)], command


def test_git_is_asked_for_objects_alone(every: dict[str, list[Event]], trapped: Path) -> None:
    started = [given for events in every.values() for event, given in events if event == "subprocess.Popen"]
    assert {given[1][5] for given in started} == OBJECTS - {"merge-base"} | {"merge-base"}
    for program, words, _, env in started:
        assert Path(program).is_absolute()
        assert words[1:5] == ["-c", "safe.bareRepository=explicit", "-C", str(trapped)]
        assert not {"--textconv", "--filters", "--ext-diff", "fetch"} & set(words)
        assert (env["GIT_ALLOW_PROTOCOL"], env["GIT_NO_LAZY_FETCH"], env["GIT_TERMINAL_PROMPT"]) == ("none", "1", "0")
        assert (env["GIT_NO_REPLACE_OBJECTS"], env["GIT_OPTIONAL_LOCKS"]) == ("1", "0")


def test_schemas_of_the_workspace_are_not_believed(trapped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that lie in it accept everything, and refer to an address."""
    monkeypatch.chdir(trapped)
    assert main(["validate", "--format", "concise"]) == 1, "the change of the fixture"
    broken = trapped / "spec" / "policies" / "acme" / "broken.yaml"
    broken.write_text("schema: policy/1\nid: broken\nno: such key\n", encoding="utf-8")
    try:
        assert main(["validate", str(broken)]) == 1
    finally:
        broken.unlink()


# --- git --------------------------------------------------------------------------------------------------------------


def test_a_git_of_the_workspace_is_not_run(workspace: Path, tmp_path: Path, run: Run) -> None:
    """Wherever a path that is relative to the current folder would find it first."""
    for folder in (workspace, workspace / "bin"):
        folder.mkdir(exist_ok=True)
        (folder / "git").write_text(f"#!/bin/sh\ntouch {tmp_path}/pwned\n", encoding="utf-8")
        (folder / "git").chmod(0o755)
    git(workspace, "init", "--quiet")
    git(workspace, "add", "--all")
    git(workspace, "commit", "--quiet", "-m", "first")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f".:bin::{os.environ['PATH']}")
        assert run("diff HEAD")[0] == 0
        patch.setenv("PATH", ".:bin:")
        code, _, err = run("diff HEAD")
    assert (code, "there is none on the path" in err) == (2, True)
    assert not (tmp_path / "pwned").exists()


def test_files_that_look_like_a_repository_are_none(workspace: Path, tmp_path: Path, run: Run) -> None:
    """A change may add what the inside of a repository looks like, beside spec/ in a folder of the real repository.

    Its objects and its configuration would be taken for those of the base, and the change would compare with itself.
    """
    root = tmp_path / "repository"
    home = root / "policies"
    shutil.copytree(workspace, home)
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "-m", "first")
    (home / FIRST).write_text((home / FIRST).read_text(encoding="utf-8").replace(": fires", ": passes", 1), "utf-8")
    made_up = tmp_path / "made-up"
    shutil.copytree(root, made_up)
    git(made_up, "commit", "--quiet", "--all", "-m", "as if nothing had changed")
    git(tmp_path, "clone", "--quiet", "--bare", str(made_up), str(tmp_path / "bare"))
    for entry in (tmp_path / "bare").iterdir():
        shutil.move(entry, home / entry.name)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment().items():
            patch.setenv(name, value)
        code, out, err = run(f"diff HEAD --fail-on any --root {home}")
    assert (code, out) == (2, "")
    assert "git says: cannot use bare repository" in err, "git 2.38 knows how to refuse it"
