"""Excerpts with their caret, lines and columns, and what a terminal of 80 columns is sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from policy_preview import validate
from policy_preview.__main__ import run as main
from policy_preview.core import Place
from policy_preview.report import findings
from policy_preview.report.layout import columns, fill, guarded, plural, safe, share, width
from policy_preview.workspace import load

REPO = Path(__file__).resolve().parents[2]
FAMILY = Path("cases/cyber/shop-sign-in.yaml")
Run = Callable[..., str]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def go(command: str, *more: str) -> str:
        main([*command.split(), *more])
        return capsys.readouterr()[0]

    return go


# --- excerpts ---------------------------------------------------------------------------------------------------------


def under(source: str, column: int, length: int = 1) -> str:
    """What stands in the terminal's columns above the caret."""
    shown, caret = findings.excerpt(source, Place("f", 7, column, length))
    assert shown.startswith("    7 | ")
    assert caret.startswith("      | ")
    cells = "".join(char + "\0" * (width(char) - 1) for char in shown if width(char))
    return cells[caret.index("^") : len(caret)].replace("\0", "").strip()


def test_caret_stands_under_what_it_means() -> None:
    assert findings.excerpt("key: value", Place("f", 7, 6, 5)) == ["    7 | key: value", "      |      ^~~~~"]
    assert under("key: value", 1, 3) == "key"
    assert under("店の入口: 値", 7, 1) == "値"
    assert under("店の入口: 値", 3, 2) == "入口"
    assert under("e\u0301: x", 5) == "x", "a mark that takes no column"
    assert under("\t\tkey: x", 3, 3) == "key"
    assert under("a\x1b[31mb: c", 7) == "b", "an escape is shown, and counted as it is shown"
    assert under("\u3000\u00a0x", 3) == "x"
    assert under("##[group]x", 10) == "x"


def test_caret_in_a_long_line() -> None:
    long = "x" * 5000 + "HERE" + "y" * 5000
    assert under(long, 5001, 4) == "HERE"
    assert under("HERE" + long, 1, 4) == "HERE"
    assert under("z" * 100_000 + "HERE", 100_001, 4) == "HERE"
    assert under("店" * 300 + "ここ" + "店" * 300, 301, 2) == "ここ"
    for column in (1, 40, 99, 100, 101, 5000, 9000, 10_004):
        shown, caret = findings.excerpt(long, Place("f", 7, column, 9000))
        assert width(shown) <= 80
        assert len(caret) <= len(shown), "no longer than what is shown"
    assert findings.excerpt(long, Place("f", 7, 5001))[0].startswith("    7 | ...x")
    assert findings.excerpt(long, Place("f", 7, 5001))[0].endswith("y...")


def test_caret_beyond_the_end_of_a_line() -> None:
    assert findings.excerpt("key:", Place("f", 7, 5)) == ["    7 | key:", "      |     ^"]
    shown, caret = findings.excerpt("key:", Place("f", 7, 400))
    assert (shown, caret) == ("    7 | key:", "      |     ^"), "as far as there is a line"
    assert findings.excerpt("", Place("f", 7, 1)) == ["    7 | ", "      | ^"]


def test_a_finding_in_text_and_in_a_line(workspace: Path, run: Run) -> None:
    text = FAMILY.read_text(encoding="utf-8")
    FAMILY.write_text(text.replace("risk: benign", "risk: benig") + "family: twice\n", encoding="utf-8")
    last = len(text.splitlines()) + 1
    out = run("validate")
    line = text.splitlines().index("    risk: benign") + 1
    assert f"{FAMILY}:{line}:11: error PP104: `benig` is not a word for\n    `risk`\n" in out
    assert f"{line:>5} |     risk: benig\n      |           ^~~~~\n   help: did you mean `benign`?\n" in out
    assert f"{last:>5} | family: twice\n      | ^~~~~~\n" in out
    assert f"   see:  {FAMILY}:2:1 (first here)\n" in out
    assert out.endswith(
        "\n\nchecked 5 files, 2 policies, 0 cases, 3 facts: 2 errors, 0 warnings\n"
        "not valid, so that what rests on it is not checked: 1 file\n"
    )
    found = run("validate --format concise").splitlines()
    assert found[0] == f"{FAMILY}:{line}:11: PP104 `benig` is not a word for `risk` (did you mean `benign`?)"
    assert len(found) == 4
    report = validate.run(load(workspace))
    assert findings.summary(report).splitlines() == found[-2:]


def test_where_reads_as_a_file_and_never_as_a_command() -> None:
    assert findings.where(Place("spec/a.yaml", 3, 4)) == "spec/a.yaml:3:4"
    assert findings.where(Place("::error::x", 1, 1)) == "./::error::x:1:1"
    assert findings.where(Place("-x", 1, 1)) == "./-x:1:1"
    assert findings.where(Place("#x\n", 1, 1)) == "./#x\\x0a:1:1"


# --- lines and columns ------------------------------------------------------------------------------------------------


def test_fill() -> None:
    assert fill("a b c", "- ", columns=5) == ["- a b", "  c"]
    assert fill("aaaa bbbb", columns=4) == ["aaaa", "bbbb"]
    assert fill("a verylongword b", "> ", "| ", columns=8) == ["> a", "| verylongword", "| b"]
    assert fill("", "label  ") == ["label"]
    assert fill("   ") == [""]
    assert fill("    indented text", columns=14) == ["    indented", "text"], "code keeps its indentation"
    assert fill("a  b") == ["a  b"]
    assert fill("two\nlines\tand a tab") == ["two\\x0alines\\x09and a tab"]


def test_fill_breaks_between_wide_characters() -> None:
    text = "県の研究所で試薬の係をしています。来月、消防との合同訓練(A4で一枚)があります。"
    for size in range(8, 40):
        lines = fill(text, "> ", "  ", columns=size)
        assert all(width(line) <= size + 2 for line in lines)
        assert "".join(line[2:] for line in lines) == text
        assert not any(line[2:].startswith(("。", "、")) for line in lines), "no line begins with what closes one"
    assert fill("a店b", columns=2) == ["a", "店", "b"]


def test_columns() -> None:
    rows = [("name", "n", "what"), ("店", "1,000", "x"), ("long name", "2", "")]
    assert columns(rows, frozenset({1})) == ["name           n  what", "店         1,000  x", "long name      2"]
    assert columns(rows, first="  ")[0] == "  name       n      what"
    assert columns([]) == []
    assert columns([("a", "word " * 30)], first="  ")[1] == "     " + " ".join(["word"] * 15), "the last one is wrapped"
    assert columns([("a\x1b", "b")]) == ["a\\x1b  b"]


def test_safe_and_guarded() -> None:
    assert safe("plain text, 店, é, 😀") == "plain text, 店, é, 😀"
    assert safe("\x1b[31m\x07\x7f\r\n\t\x85") == "\\x1b[31m\\x07\\x7f\\x0d\\x0a\\x09\\x85"
    assert safe("\u202e\u2066\u200b\ufeff\u2028\U000e0041") == "\\u202e\\u2066\\u200b\\ufeff\\u2028\\U000e0041"
    assert safe(b"\xff".decode("utf-8", "surrogateescape")) == "\\xff"
    assert safe("a\u00a0b\u3000c") == "a b  c", "other spaces are spaces, as wide as they were"
    assert safe("##[group] ###[x] ##vso[a ##VSO[b ##TeamCity[c ## [d] #[e]") == (
        "## [group] ### [x] ## vso[a ## VSO[b ## TeamCity[c ## [d] #[e]"
    )
    assert guarded("::error::x") == ": :error::x"
    assert guarded(" \t ::error::x") == " \t : :error::x"
    assert guarded("a ::error::x") == "a ::error::x"
    for line in ("::error::x", "  ::x::", "::::", " :: ::"):
        assert not guarded(line).lstrip().startswith("::")


def test_plural_share_and_width() -> None:
    assert [plural(n, "case") for n in (0, 1, 2, 1000)] == ["0 cases", "1 case", "2 cases", "1,000 cases"]
    assert plural(2, "policy") == "2 policies"
    assert [share(*pair) for pair in ((0, 0), (0, 5), (1, 3), (5, 5))] == [
        "0 of 0", "0 of 5 (0%)", "1 of 3 (33%)", "5 of 5 (100%)",
    ]  # fmt: skip
    assert share(1, 1000) == "1 of 1,000 (<1%)", "not none"
    assert share(999, 1000) == "999 of 1,000 (>99%)", "and not all"
    assert [width(text) for text in ("abc", "店", "é", "e\u0301", "ｱ", "\uff21", "")] == [3, 2, 1, 1, 1, 2, 0]


# --- 80 columns -------------------------------------------------------------------------------------------------------


def narrow(text: str) -> None:
    for line in text.splitlines():
        assert width(line) <= 80 or not re.search(r"\S \S", line.strip(" >")), line
        assert line == line.rstrip(), repr(line)
    assert "\n\n\n" not in text
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_80_columns_on_the_data_kept_here(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it comes to hold: tables, traces of every case, each policy against the one before it."""
    monkeypatch.chdir(REPO)
    workspace = load(REPO)
    narrow(run("preview"))
    narrow(run("preview --known-on 2026-06-12 --surface api"))
    narrow(run("preview --policy", workspace.headline[0], *sorted(workspace.families)))
    for policy in workspace.policies.values():
        for other in (policy.follows, policy.based_on):
            if other in workspace.policies:
                narrow(run(f"diff {other} {policy.id}"))
    for name in ("PP016", "cyber", next(iter(workspace.policies)), next(iter(workspace.cases))):
        narrow(run(f"explain {name}"))
