"""What a terminal is shown and a pipe is not: when there is colour, and the line of progress, which is wiped."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from screen import ESCAPE, XTERM, on_terminal, seen  # beside this file

from policy_preview import parser, terminal
from policy_preview.progress import Step
from policy_preview.terminal import asked, is_coloured, status_line

POLICY = Path("spec/policies/acme/assistant-1.yaml")
Run = Callable[..., tuple[int, str, str]]


# --- when ---------------------------------------------------------------------------------------------------------


class Stream(io.StringIO):
    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self.isatty = lambda: terminal  # type: ignore[method-assign]  # a stream that is or is none


@pytest.mark.parametrize(
    ("when", "environment", "on_terminal", "in_pipe"),
    [
        ("auto", {}, True, False),
        ("auto", {"TERM": "dumb"}, False, False),
        ("auto", {"NO_COLOR": "1"}, False, False),
        ("auto", {"NO_COLOR": ""}, True, False),
        ("auto", {"FORCE_COLOR": "1"}, True, True),
        ("auto", {"CLICOLOR_FORCE": "1", "TERM": "dumb"}, True, True),
        ("auto", {"FORCE_COLOR": "0"}, True, False),
        ("auto", {"FORCE_COLOR": ""}, True, False),
        ("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False, False),
        ("always", {"NO_COLOR": "1"}, True, True),
        ("never", {"FORCE_COLOR": "1"}, False, False),
    ],
)
def test_when(when: str, environment: dict[str, str], on_terminal: bool, in_pipe: bool) -> None:
    assert is_coloured(when, Stream(True), environment) is on_terminal
    assert is_coloured(when, Stream(False), environment) is in_pipe


def test_color_is_known_even_where_the_rest_is_not() -> None:
    assert asked([]) == "auto"
    assert asked(["validate", "--x", "--color", "never"]) == "never"
    assert asked(["validate", "--color=always"]) == "always"
    assert asked(["validate", "--color", "pink"]) == "auto"
    assert asked(["--color", "never", "--color"]) == "never"


# --- a terminal ---------------------------------------------------------------------------------------------------


def fast(command: str, setup: str = "pass") -> str:
    quick = "terminal._QUIET = terminal._TICK = 0.001"
    start = f"from policy_preview import terminal, workspace; {quick}; {setup}"
    return f"import sys, time\n{start}\nfrom policy_preview.__main__ import run\nsys.exit(run({command.split()!r}))"


def test_progress_is_seen_and_wiped(workspace: Path, run: Run) -> None:
    assert workspace.exists()
    code, sent = on_terminal(fast("coverage --color never"), XTERM)
    assert code == 0
    assert "] reading the files, " in sent
    assert seen(sent) == run("coverage")[1]
    for env in ({"TERM": "dumb"}, {"CI": "true"}, {"TERM": ""}):
        code, sent = on_terminal(fast("coverage --color never"), {**XTERM, **env})
        assert (code, sent) == (0, run("coverage")[1]), env


@pytest.mark.usefixtures("workspace")
def test_what_is_quick_shows_nothing(run: Run) -> None:
    code = (
        "import sys; from policy_preview.__main__ import run; sys.exit(run(['explain', 'PP201', '--color', 'never']))"
    )
    assert on_terminal(code, XTERM) == (0, run("explain PP201")[1])


@pytest.mark.usefixtures("workspace")
def test_progress_is_wiped_when_interrupted_and_on_errors() -> None:
    code, sent = on_terminal(fast("preview", "workspace.load = lambda *a: time.sleep(50)"), XTERM, interrupt="working")
    assert code == 130
    assert seen(sent).replace("^C", "") == ""
    fail = "from policy_preview.core import UsageError"
    fail += "\ndef load(*a):\n    time.sleep(0.3)\n    raise UsageError('no such')\nworkspace.load = load"
    code, sent = on_terminal(fast("preview", fail), XTERM)
    assert "working" in sent
    assert (code, seen(sent)) == (2, "\x1b[1;31mpolicy-preview: \x1b[0mno such\n")
    code, sent = on_terminal(
        fast("preview --color=never", fail.replace("UsageError('no such')", "ValueError(3)")), XTERM
    )
    assert code == 3
    assert seen(sent).startswith("policy-preview: internal fault: ValueError: '3'\n")


def test_a_note_takes_the_line_away_first(workspace: Path, run: Run) -> None:
    broken = workspace / POLICY
    broken.write_text(broken.read_text(encoding="utf-8") + "nonsense: true\n", encoding="utf-8")
    code, sent = on_terminal(fast("preview --color never"), XTERM)
    _, out, err = run("preview")
    assert (code, seen(sent)) == (0, err + out)


def test_terminal_and_pipe_differ_in_colour_alone(workspace: Path, run: Run) -> None:
    assert workspace.exists()
    code = "import sys; from policy_preview.__main__ import run; sys.exit(run(['diff', 'assistant-1', 'assistant-2']))"
    plain = run("diff assistant-1 assistant-2")[1]
    for size in ("40", "200"):
        _, sent = on_terminal(code, {**XTERM, "COLUMNS": size})
        assert "\x1b[31msilent-limit\x1b[0m" in sent
        assert ESCAPE.sub("", sent) == plain
    assert on_terminal(code, {**XTERM, "NO_COLOR": "1"}) == (0, plain)


STEPS = [Step("measuring", "what words tell, across families", 2, 14), Step("rows", "", 3, 5)]


def test_the_line() -> None:
    said = "measuring: what words tell, across families, 2 of 14"
    assert status_line([], 1.4, 80) == "working  1 s"
    assert status_line(STEPS[:1], 3, 80) == f"[............] {said}  3 s"
    assert (
        status_line([Step("reading the files", "", 9, 16)], 3, 80) == "[######......] reading the files, 9 of 16  3 s"
    )
    assert status_line(STEPS, 65, 100) == f"[............] {said}; rows, 3 of 5  65 s"
    assert status_line(STEPS, 65, 80) == f"[............] {said}  65 s", "what does not fit is left out from the end"
    assert status_line(STEPS, 65, 60) == f"{said}  65 s"
    assert status_line(STEPS, 65, 40) == "measuring: what words tell, acros  65 s"
    assert (
        status_line([Step("comparing", "\x1b[31m", 1, 2)], 1, 80) == "[............] comparing: \\x1b[31m, 1 of 2  1 s"
    )
    for size in (10, 20, 40, 41, 60, 80):
        assert len(status_line(STEPS, 65, size)) < max(size, 7)


def test_color_stands_behind_every_command_and_takes_three_words(run: Run) -> None:
    for command in parser.build().commands:
        assert "--color WHEN" in run(f"{command} --help")[1]
    assert "did you mean `always`?" in run("preview --color alway")[2]


def test_out_to_a_stream_that_is_closed_early(workspace: Path) -> None:
    assert workspace.exists()
    shell = f"{sys.executable} -m policy_preview preview --color always | head -1"
    done: Any = subprocess.run(["/bin/sh", "-c", shell], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("\x1b[1massistant-1\x1b[0m  ")


def test_times_are_those_of_a_person() -> None:
    assert terminal._QUIET == 1.0, "what is over before is not announced"
