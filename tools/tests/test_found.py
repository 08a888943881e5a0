"""What fuzzing has found in the rules: words of broken files in messages, and work that grows with the square."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from policy_preview import validate
from policy_preview.findings import Nearest
from policy_preview.workspace import load

SECONDS = 5.0  # of the processor; each of these took from half a minute to hours
CASES, TAXONOMY = "cases/cyber/shop-sign-in.yaml", "spec/taxonomy.yaml"
RULE = '  - {{id: {}, category: "{}", risk: dual-use, text: A rule.}}\n'
CASE = """\
  - id: shop-sign-in-{}
    risk: benign
    pivot: who asks
    prompt: Who failed to sign in on the page, number {}?
    rule: {}
    rationale: It is said so.
    provenance: {{origin: written, created: "2026-01-05"}}
"""


def add(path: Path, after: str, text: str) -> None:
    before = path.read_text(encoding="utf-8")
    assert before.count(after) == 1
    path.write_text(before.replace(after, after + text), encoding="utf-8")


def codes(root: Path) -> set[str]:
    """The codes of what is found, in good time."""
    began = time.process_time()
    report = validate.run(load(root))
    assert time.process_time() - began < SECONDS
    return {finding.code for finding in report.findings}


def letters(number: int) -> str:
    return chr(97 + number // 26 % 26) + chr(97 + number % 26)


def test_a_message_shows_no_control_character_of_a_broken_file(workspace: Path) -> None:
    add(workspace / TAXONOMY, "\nrules:\n", RULE.format("cyber.9", "\\x0e\\u202ecyber"))
    add(workspace / CASES, "\ncases:\n", CASE.format("z", "1", "cyber.9"))
    report = validate.run(load(workspace))
    (told,) = [finding for finding in report.findings if finding.code == "PP308"]
    assert told.message == "`cyber.9` is the rule for \\x0e\\u202ecyber, dual-use, and the label is cyber, benign"
    assert all((finding.message + finding.hint).isprintable() for finding in report.findings)


def test_many_unknown_words_beside_many_known(workspace: Path) -> None:
    add(workspace / TAXONOMY, "\nrules:\n", "".join(RULE.format(f"cyber{n}.1", "cyber") for n in range(20_000)))
    cases = (CASE.format(letters(n), n, f"cyber{n}.2") for n in range(600))
    add(workspace / CASES, "\ncases:\n", "".join(cases))
    assert "PP130" in codes(workspace)


def test_many_unknown_words_beside_a_large_broken_file(workspace: Path) -> None:
    fact = '  - {{id: F-{}, statement: "", source: SRC-001, date: "2026-01-05", kind: press, confidence: low}}\n'
    text = "schema: evidence/1\ntitle: Much\nfacts:\n" + "".join(fact.format(n) for n in range(10_000, 20_000))
    (workspace / "spec/evidence/much.yaml").write_text(text, encoding="utf-8")
    cited = "".join(f"    - F-{number}\n" for number in range(20_000, 40_000))
    add(workspace / CASES, "\nprovenance:\n", f"  evidence:\n    - F-10001\n{cited}")
    assert {"PP109", "PP122"} <= codes(workspace)


def test_many_marks_in_quoted_texts(workspace: Path) -> None:
    cases = (CASE.format(letters(n), n, "cyber.1").replace("Who ", '"' + "[withheld: " * 280, 1) for n in range(300))
    text = "".join(cases).replace("?\n", '?"\n')
    add(workspace / CASES, "\ncases:\n", text)
    assert "PP313" in codes(workspace)


def test_the_nearest_word_is_looked_for_a_while() -> None:
    nearest = Nearest()
    assert nearest("cybr", ["cyber", "other"]) == "did you mean `cyber`?"
    many = [f"word-{number}" for number in range(60_000)]
    assert nearest("word-", many) == ""
    assert nearest("cybr", ["cyber"]) == "", (
        "and from then on not at all, so that it does not depend on what comes next"
    )


@pytest.mark.parametrize("name", ["F-10001", "F-1000"])
def test_what_a_broken_file_may_define_is_not_missing(workspace: Path, name: str) -> None:
    text = f"schema: evidence/1\ntitle: A\nfacts:\n  - {{id: '{name}', statement: ''}}\n"
    (workspace / "spec/evidence/some.yaml").write_text(text, encoding="utf-8")
    add(workspace / CASES, "\nprovenance:\n", "  evidence: [F-10001]\n")
    assert ("PP122" in codes(workspace)) == (name != "F-10001")
