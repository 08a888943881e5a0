"""The process itself: what it takes to start, and streams that are closed, full or not UTF-8."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from policy_preview import __version__

FAMILY = Path("cases/cyber/shop-sign-in.yaml")


def tool(command: str, *more: str, env: dict[str, str] | None = None, **settings: Any) -> Any:
    """The command in a process of its own: exit code, standard output, standard error."""
    settings = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **settings}
    words = [sys.executable, *command.split(), *more]
    done = subprocess.run(words, check=False, timeout=60, env={**os.environ, **(env or {})}, **settings)
    return done.returncode, done.stdout, done.stderr


def test_version_takes_neither_yaml_nor_jsonschema() -> None:
    code, out, err = tool("-X importtime -m policy_preview --version")
    assert (code, out.decode()) == (0, f"policy-preview {__version__}\n")
    modules = {line.rpartition("|")[2].strip() for line in err.decode().splitlines()}
    assert "policy_preview.cli" in modules
    assert not modules & {"yaml", "jsonschema", "policy_preview.workspace", "policy_preview.report.layout"}


def test_help_takes_nothing_that_a_command_needs() -> None:
    """Nor does colour, progress or completion cost anything before it is wanted."""
    for command in ("--help", "quality --help"):
        code, _, err = tool(f"-X importtime -m policy_preview {command}")
        assert code == 0
        modules = {line.rpartition("|")[2].strip() for line in err.decode().splitlines()}
        unwanted = {"yaml", "jsonschema", "argcomplete", "threading", "difflib", "sklearn", "subprocess", "json"}
        assert not modules & (unwanted | {f"policy_preview.{name}" for name in ("workspace", "complete", "report")})


def test_what_reads_nothing_takes_neither_git_nor_jsonschema() -> None:
    """What a command does not need, it does not import."""
    names = ("preview", "resolve", "diff", "explain", "select", "report.preview", "report.diff", "report.machine")
    code, out, _ = tool("-c", f"import sys, {', '.join(f'policy_preview.{n}' for n in names)}; print(*sys.modules)")
    assert code == 0
    assert not set(out.decode().split()) & {"policy_preview.revisions", "jsonschema"}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux only")
@pytest.mark.usefixtures("workspace")
def test_streams_that_take_nothing() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    for command, code in (
        ("preview", 0),
        ("preview --color always", 0),
        ("--help", 0),
        ("diff assistant-1 assistant-2 --fail-on any", 1),
    ):
        assert tool(f"-m policy_preview {command}", stdout=writer) == (code, None, b""), "the verdict stays"
    for buffered in ("", "1"):
        env = {"PYTHONUNBUFFERED": buffered}
        assert tool("-m policy_preview validate nowhere", stdout=writer, stderr=writer, env=env)[0] == 2
        assert tool("-m policy_preview --help", stdout=writer, stderr=writer, env=env)[0] == 0
    os.close(writer)
    with Path("/dev/full").open("wb") as full:
        code, _, err = tool("-m policy_preview validate", stdout=full)
    assert code == 2
    assert err == b"policy-preview: the result cannot be written: No space left on device\n"
    for command in ("--help", "--version", "validate --help"):
        for buffered in ("", "1"):
            with Path("/dev/full").open("wb") as full:
                code, _, err = tool(f"-m policy_preview {command}", stdout=full, env={"PYTHONUNBUFFERED": buffered})
            assert code == 2, command
            assert err.endswith(b"No space left on device\n")
    for closed in (">&-", "2>&-"):
        shell = ["/bin/sh", "-c", f"exec {sys.executable} -m policy_preview validate {closed}"]
        done = subprocess.run(shell, capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.usefixtures("workspace")
def test_a_reader_that_has_seen_enough() -> None:
    """`| head -1` of more than a pipe holds."""
    text = FAMILY.read_text(encoding="utf-8")
    FAMILY.write_text(text.replace("I look after", "I look after " + "x " * 9_000), encoding="utf-8")
    words = [sys.executable, "-m", "policy_preview", "preview", *["shop-sign-in"] * 8]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline().startswith(b"shop-sign-in-a  ")
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) == 0


C = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize("env", [C, {"PYTHONIOENCODING": "ascii:strict"}, {"PYTHONIOENCODING": "cp1252"}], ids=str)
def test_stdout_that_is_not_utf8(env: dict[str, str]) -> None:
    text = FAMILY.read_text(encoding="utf-8")
    FAMILY.write_text(text.replace("I look after", "店の入口。 \u00e9 I look after"), encoding="utf-8")
    code, out, err = tool("-m policy_preview preview shop-sign-in-a", env=env)
    assert (code, err) == (0, b"")
    assert b"\\u5e97" in out
    code, out, err = tool("-m policy_preview preview --policy", "店", env=env)
    assert (code, out) == (2, b"")
    assert b"\\u5e97" in err or b"\\xe5\\xba\\x97" in err  # as a character, or as the bytes of an argument
