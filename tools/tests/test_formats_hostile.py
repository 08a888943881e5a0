"""What the forms of findings must survive: hostile names and texts, very many findings, another encoding."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from policy_preview import ci, validate
from policy_preview.report import formats
from policy_preview.workspace import load

sys.path.insert(0, str(Path(__file__).parent))
from forms import FAMILY, FORMS, READERS, Run, alike, break_two, command, summary_of  # beside this file
from rendered import Page

pytestmark = pytest.mark.usefixtures("root")
NAMES = [
    "a\n::error file=x::y",
    "100%25",
    "a,b=c",
    "::error::x",
    "##[error]x",
    'it\'s "q"',
    "<b>&amp;",
    "]]>",
    "\U0001f600",
]
NAMES += [
    "\u202eaway",
    "bell\x07",
    "esc\x1b[31m",
    "nbsp\u00a0x",
    "-rf x",
    " lead",
    "a:b",
    "%0A",
    "x](https:%2F",
    "\u5165",
]
NAMES += [b"\xff\xfe".decode("utf-8", "surrogateescape"), "{0}", "\x7f"]
TEXTS = [
    'schema: family/1\nfamily: ["]]> \U0001f600 %0A ::error::x ##[x]x <b> [x](https://evil.example)"]\n"##[x]": 1\n',
    "a: [\n::error::x",
    'schema: family/1\n"[x](https://e.example)": 1\n"]]>": 2\n"%25 \U0001f600": 3\n"##[error]y": 4\n"::set-env::": 5\n',
]


@pytest.fixture
def hostile(root: Path) -> Path:
    written = 0
    for number, name in enumerate(NAMES):
        for folder in ("cases/cyber", "spec/evidence"):
            with suppress(OSError):  # not every file system takes every name
                (root / folder / f"{name}.yaml").write_text(TEXTS[number % 3], encoding="utf-8")
                written += 1
    assert written > 30
    return root


@pytest.mark.usefixtures("hostile")
def test_hostile_names_and_texts(run: Run) -> None:
    assert alike(run) > 100


def test_only_annotations_are_commands(run: Run) -> None:
    """A name that is broken into lines where a runner would see a command."""
    FAMILY.with_name("x" * 60 + " ::error::pwned.yaml").write_text("a: [", encoding="utf-8")
    for form in ("text", "concise", "json", "sarif", "junit", "gitlab"):
        out = run(f"validate --format {form}")[1]
        assert "pwned" in out
        assert not [line for line in out.split("\n") if command(line)], form


@pytest.mark.usefixtures("hostile")
def test_hostile_names_in_a_summary(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    out = summary_of(run, monkeypatch, tmp_path)[2]
    page = Page(out)
    assert page.names.count("table") == 1
    assert set(page.names) <= {"h3", "p", "br", "table", "thead", "tbody", "tr", "th", "td", "code"}, "no link or image"
    assert len(page.rows) > 100
    assert page.beyond == []


def test_very_many(root: Path) -> None:
    """Ten thousand findings: reports grow with them, and stay what they are."""
    text = FAMILY.read_text(encoding="utf-8")
    for number in range(500):
        keys = "".join(f"extra{key}: x\n" for key in range(25))
        body = text.replace("shop-sign-in", f"shop-{number}")
        FAMILY.with_name(f"shop-{number}.yaml").write_text(body + keys, encoding="utf-8")
    report, checkout = validate.run(load(root)), ci.checkout(root, {})
    expected = sorted((f.place.file, f.place.line, f.severity, f.code) for f in report.findings)
    assert len(expected) >= 10_000
    for form in FORMS:
        assert sorted(READERS[form](formats.rendered(form, report, checkout, strict=False))) == expected, form


def test_in_another_encoding() -> None:
    """What standard output cannot show becomes an escape there, and no report may break by it."""
    break_two()
    for form in FORMS:
        words = [sys.executable, "-m", "policy_preview", "validate", "--format", form]
        env = {**os.environ, "PYTHONIOENCODING": "ascii:strict"}
        done = subprocess.run(words, capture_output=True, env=env, check=False)
        assert (done.returncode, done.stderr) == (1, b"")
        assert len(list(READERS[form](done.stdout.decode("ascii")))) == 2


@pytest.mark.parametrize("form", ["text", "concise", "json", *FORMS])
def test_a_run_that_checked_nothing(form: str, root: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(root / "summary.md"))
    (root / "empty").mkdir()
    (root / "other" / "spec").mkdir(parents=True)
    (root / "other" / "cases").mkdir()
    for words in ("--root empty", "--root other", "README.md", "nowhere"):
        code, out, err = run(f"validate --format {form} {words}")
        assert (code, out) == (2, "")
        assert err.startswith("policy-preview: ")
    assert not (root / "summary.md").exists()
