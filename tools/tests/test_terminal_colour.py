"""Colour, which is never the only carrier, and 80 columns, for every command."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from screen import ESCAPE  # beside this file

from policy_preview import help, look, parser
from policy_preview import workspace as module
from policy_preview.report import ink
from policy_preview.report.layout import columns, fill, width
from policy_preview.tree import TOPS

REPO = Path(__file__).resolve().parents[2]
FAMILY = Path("cases/cyber/shop-sign-in.yaml")
POLICY = Path("spec/policies/acme/assistant-1.yaml")
OWN = "--category cyber --topic penetration-testing --risk restricted"
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


# --- inks -------------------------------------------------------------------------------------------------------------


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
