"""Colour, which is never the only carrier; the line of progress; and 80 columns, for every command."""

from __future__ import annotations

import io
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from policy_preview import help, look, parser, terminal
from policy_preview import workspace as module
from policy_preview.progress import Step
from policy_preview.report import ink
from policy_preview.report.layout import columns, fill, width
from policy_preview.terminal import asked, is_coloured, status_line
from policy_preview.tree import TOPS

REPO = Path(__file__).resolve().parents[2]
FAMILY = Path("cases/cyber/shop-sign-in.yaml")
POLICY = Path("spec/policies/acme/assistant-1.yaml")
OWN = "--category cyber --topic penetration-testing --risk restricted"
ESCAPE = re.compile("\x1b\\[(?:0|1|1;31|3[1256])m")
Run = Callable[..., tuple[int, str, str]]


# --- every command ----------------------------------------------------------------------------------------------------


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the repository as the current directory, read once for all commands that only look."""
    for name in ("spec", "cases"):
        shutil.copytree(REPO / name, tmp_path / "repo" / name)
    monkeypatch.chdir(tmp_path / "repo")
    load = module.load
    once = cache(lambda root, show_below=None, tops=TOPS: load(root, show_below, tops))
    for each in (module, look):
        monkeypatch.setattr(each, "load", once)
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main"]
    for words in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message=all"]):
        subprocess.run([*git, *words], check=True)
    return tmp_path / "repo"


# Beside the examples of every help.
HERE = """preview --known-on 2026-06-12 --surface api; explain F-130; explain cyber; validate spec
new policy acme/a-policy-with-a-rather-long-name-of-its-own"""
# test_quality_of_the_cases_in_80_columns, and CI; one example of `report` will do.
SLOW = {"quality", "quality --fail", "report --out pages", "report --out site --site"}
THERE = f"""preview; preview shop-sign-in; preview {OWN}; diff assistant-1 assistant-2; diff assistant-1 assistant-1
history; coverage; coverage --policy assistant-1; gaps; gaps Q-001; explain PP201; explain F-001
explain assistant-2/told; explain cyber; validate; quality --jsonl set.jsonl --text prompt --label kind"""


def narrow(text: str) -> None:
    for line in text.splitlines():
        assert width(line) <= 80 or not re.search(r"\S \S", line.strip(" >")), line
        assert line == line.rstrip(), repr(line)
    assert "\n\n\n" not in text
    assert text.endswith("\n")


def another_set(folder: Path) -> None:
    """Texts whose label a word gives away, so that something is missed."""
    rows = [f'{{"prompt": "text {n} {"yes " * (n % 2)}of many", "kind": "label {n % 2}"}}' for n in range(90)]
    (folder / "set.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")


def split(commands: str) -> list[str]:
    return [each.strip() for row in commands.splitlines() for each in row.split(";")]


def test_every_example_runs_and_every_command_fits_80_columns(checkout: Path, run: Run) -> None:
    another_set(checkout)
    examples = [f"{name} {words}".strip() for name, each in help.EXAMPLES.items() for words, _ in each]
    for command in [each for each in (*split(HERE), *examples) if each not in SLOW]:
        code, out, err = run(f"{command.replace('/tmp/packets', 'packets')} --color always")  # noqa: S108  # an example
        assert (code, err) == (0, ""), f"{command}\n{out[:2000]}"
        narrow(ESCAPE.sub("", out))
    assert set(help.EXAMPLES) == set(parser.build().commands)


def both_ways(command: str, run: Run) -> str:
    """What a command prints in colour; without, it must be the same but for escapes of ours."""
    _, coloured, _ = run(f"{command} --color always")
    _, plain, _ = run(command)
    assert ESCAPE.sub("", coloured) == plain
    assert "\x1b" not in plain
    narrow(plain)
    return coloured


def test_every_command_in_colour(workspace: Path, run: Run) -> None:
    another_set(workspace)
    for command in split(THERE):
        coloured = both_ways(command, run)
        assert ("\x1b[" in coloured) is (command != "validate"), f"{command}: nothing is in colour"
    assert "  \x1b[1;31mMISSED\x1b[0m  " in coloured
    writing = {"init", "new", "export", "agreement", "report"}
    assert {each.split()[0] for each in split(THERE)} | writing == set(parser.build().commands)


def test_agreement_in_colour(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.chdir(REPO)
    assert both_ways("agreement second", run).startswith("\x1b[1msecond\x1b[0m: ")


def test_findings_in_colour_and_in_80_columns(workspace: Path, run: Run) -> None:
    text = FAMILY.read_text(encoding="utf-8").replace("risk: benign", "risk: benig " + "x" * 200)
    FAMILY.write_text(text + "family: twice\n", encoding="utf-8")
    (workspace / "cases/cyber/wide.yaml").write_text(f"schema: family/1\n{'入口' * 90}: [値\n", encoding="utf-8")
    out = both_ways("validate", run)
    assert "\x1b[1;31merror PP104\x1b[0m: " in out
    assert "\x1b[1;31m^~~~" in out
    allow = "    allow:\n      - code: PP401\n        reason: None of it is real.\n"
    FAMILY.write_text(
        text.replace("benig " + "x" * 200, "benign").replace("    hazard: 0\n", f"    hazard: 0\n{allow}", 1)
    )
    assert "\x1b[35mwarning PP330\x1b[0m: " in both_ways("validate", run)


def test_quality_of_the_cases_in_80_columns(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.chdir(REPO)
    out = run("quality --color always")[1]
    assert "\x1b[1mnear-duplicates\x1b[0m\n" in out
    narrow(ESCAPE.sub("", out))


@pytest.mark.usefixtures("workspace")
def test_what_other_programs_read_is_never_coloured(run: Run) -> None:
    for command in ("preview", "validate", "explain F-001", "diff assistant-1 assistant-2", "gaps", "coverage"):
        assert "\x1b" not in run(f"{command} --format json --color always")[1]
    for command in ("preview --format csv", "validate --format concise", "agreement --format md"):
        assert "\x1b" not in run(f"{command} --color always")[1]


@pytest.mark.usefixtures("workspace")
def test_the_words_of_others_are_not_painted(run: Run) -> None:
    """`silent-limit` is red where it is an outcome, and only there; escapes in a file never get through."""
    for path, old in ((FAMILY, "I look after"), (POLICY, "title: Acme Assistant as released")):
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, f"{old} silent-limit never"), encoding="utf-8")
    text = POLICY.read_text(encoding="utf-8").replace("general", "silent-limit")
    POLICY.write_text(text.replace("  - api\n", "  - api\n"), encoding="utf-8")
    out = run("preview shop-sign-in-c --policy assistant-1 --color always")[1]
    assert "I look after silent-limit never" in out
    assert " as silent-limit: \x1b[31msilent-limit\x1b[0m\n" in out, "the standing is not, the outcome is"
    assert "title" not in out
    out = run("preview --policy assistant-1 --color always")[1]
    assert "Acme Assistant as released silent-limit never\n" in out
    hostile = FAMILY.read_text(encoding="utf-8").replace("I look after", "I \u202e look after")
    FAMILY.write_text(hostile.replace("situation: ", 'situation: "\\e[31mred" #'), encoding="utf-8")
    for command in ("preview shop-sign-in", "explain shop-sign-in", "validate"):
        out = run(f"{command} --color always")[1]
        assert ESCAPE.sub("", out).replace("\n", "").isprintable()
        assert "\x1b[31mred" not in out


def test_outcomes_and_told() -> None:
    assert ink.outcomes("answer") == ["answer"]
    silent, asked = ink.Ink("silent-limit", ink.RED), ink.Ink("on-ask-hold", ink.CYAN)
    assert ink.outcomes("answer | silent-limit+on-ask-hold") == ["answer | ", silent, "+", asked, ""]
    for word in ("not-silent-limit", "silent-limits", "silent-limit-x", "silent", "limit-silent"):
        assert not any(isinstance(part, ink.Ink) for part in ink.outcomes(word)), word
    assert ink.outcomes("visible-fallback")[1] == ink.Ink("visible-fallback", ink.GREEN)
    assert ink.told("always") == ink.Ink("always", ink.GREEN)
    assert ink.told("-") == "-"


def test_inks_through_lines_and_columns() -> None:
    red, bold = ink.Ink("red words", ink.RED), ink.head("head\x1b[31m")
    assert fill(["some ", red, ", others"]) == ["some \x1b[31mred words\x1b[0m, others"], "one escape for both words"
    assert fill(["some ", red, ", others"], "- ", columns=11) == [
        "- some \x1b[31mred\x1b[0m", "  \x1b[31mwords\x1b[0m,", "  others",
    ]  # fmt: skip
    assert fill("text", [bold, "  "]) == ["\x1b[1mhead\\x1b[31m\x1b[0m  text"], "a label is made safe too"
    assert fill([bold, "\x1b[32m", ink.Ink("x", ink.RED)]) == ["\x1b[1mhead\\x1b[31m\x1b[0m\\x1b[32m\x1b[31mx\x1b[0m"]
    rows = [("a name of many words, too long for a line of a table that has others", [red], "over " * 3)]
    rows += [("no-break-" * 9 + "x", "c", "d"), ("b", "c", "d")]
    assert columns(rows, frozenset({1}), "  ") == [
        "  a name of many words, too long for a line of a table",
        "    that has others                                      \x1b[31mred words\x1b[0m  over over",
        "                                                                    over",
        "  no-break-no-break-no-break-no-break-no-break-no-break-no-break-no-break-no-break-x",
        "                                                                 c  d",
        "  b                                                              c  d",
    ]


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


def on_terminal(code: str, env: dict[str, str], interrupt: str = "") -> tuple[int, str]:
    """Python code with a terminal as both streams: exit code, and all that the terminal was sent."""
    parent, child = pty.openpty()
    words = [sys.executable, "-c", code]
    with subprocess.Popen(words, stdout=child, stderr=child, stdin=child, env={**os.environ, **env}) as process:
        os.close(child)
        sent, late = b"", time.monotonic() + 60
        while time.monotonic() < late:
            try:
                part = os.read(parent, 4096)
            except OSError:  # as Linux says that the other side is closed
                break
            sent += part
            if not part:
                break
            if interrupt and interrupt.encode() in sent:
                process.send_signal(signal.SIGINT)
                interrupt = ""
        os.close(parent)
        return process.wait(timeout=60), sent.decode().replace("\r\n", "\n")


def seen(sent: str) -> str:
    """What is left on the screen, of lines that are written over."""
    return re.sub(r"\r[^\n\r]*\x1b\[K", "", sent)


def fast(command: str, setup: str = "pass") -> str:
    quick = "terminal._QUIET = terminal._TICK = 0.001"
    start = f"from policy_preview import terminal, workspace; {quick}; {setup}"
    return f"import sys, time\n{start}\nfrom policy_preview.__main__ import run\nsys.exit(run({command.split()!r}))"


XTERM = {"TERM": "xterm", "NO_COLOR": "", "CI": ""}


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
