"""The help: the same lines everywhere, every command once, examples that run, and the nearest word for a wrong one."""

from __future__ import annotations

import shlex
from collections.abc import Callable

import pytest

from policy_preview import help as module
from policy_preview import parser
from policy_preview.report.layout import width

COMMANDS = parser.build().commands
Run = Callable[..., tuple[int, str, str]]


def test_every_command_stands_in_one_group(run: Run) -> None:
    grouped = [name for names in module.GROUPS.values() for name in names]
    assert sorted(grouped) == sorted(COMMANDS)
    out = run("--help")[1]
    for name, sub in COMMANDS.items():
        assert out.count(f"\n  {name} ") == 1, name
        assert 2 <= len(module.EXAMPLES[name]) <= 3, f"{name} needs two or three examples"
        assert (sub.description or "").endswith(".")


@pytest.mark.parametrize("columns", ["20", "80", "300", "none"])
def test_help_is_the_same_at_every_width(columns: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {name: run(f"{name} --help".strip())[1] for name in ("", *COMMANDS)}
    monkeypatch.setenv("COLUMNS", columns)
    for name, text in texts.items():
        assert run(f"{name} --help".strip()) == (0, text, "")
        assert max(map(width, text.splitlines())) <= 80
        assert text.count("Exit codes: ") == 1


def examples() -> list[str]:
    return [f"{name} {words}".strip() for name, each in module.EXAMPLES.items() for words, _ in each]


def test_every_example_stands_in_its_help(run: Run) -> None:
    for example in examples():
        lines = run(f"{example.split()[0]} --help")[1].split("examples:\n")[1].splitlines()
        assert f"  policy-preview {example}" in [line.partition("  #")[0].rstrip() for line in lines]


def test_every_example_parses() -> None:
    """That they run is in test_terminal_colour.py, which takes them as what each command prints."""
    for example in examples():
        assert parser.build().parse_args(shlex.split(example)).command == example.split()[0]


@pytest.mark.usefixtures("workspace")
def test_nearest_words(run: Run) -> None:
    for command, hint in (
        ("prevew", "argument COMMAND: invalid choice: 'prevew'; did you mean `preview`?"),
        ("xyz", "invalid choice: 'xyz'; choose from preview, diff, "),
        ("preview --polic=x", "unrecognized arguments: --polic=x; did you mean `--policy`?"),
        ("preview --zzz", "unrecognized arguments: --zzz; see `policy-preview preview --help`"),
        ("export jsonll x", "invalid choice: 'jsonll'; did you mean `jsonl`?"),
        ("validate --format jsn", "did you mean `json`?"),
        ("--root . preview", "the command comes first, then its options, such as --root"),
        ("--color=never preview", "such as --color; "),
        ("explain PP201 F-001", "unrecognized arguments: F-001; see `policy-preview explain --help`"),
    ):
        code, out, err = run(command)
        assert (code, out) == (2, "")
        assert err.startswith("policy-preview: ")
        assert hint in err
        assert err.count("\n") == 1, "one line, which says where to read on"
