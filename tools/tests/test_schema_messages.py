"""Small mistakes in a file of each kind, and what is said of them to the letter.

The wording is part of what the tool is: whoever reads a message has never seen the schema.
"""

from __future__ import annotations

import pytest
from bases import BASES, check, kind_of, lines, sober  # beside this file
from mistakes import MISTAKES  # beside this file


@pytest.mark.parametrize("base", BASES)
def test_bases_are_sound(base: str) -> None:
    assert check(BASES[base], kind_of(base)) == []


@pytest.mark.parametrize(("base", "old", "new", "wanted"), MISTAKES, ids=[f"{m[0]}: {m[2]!r:.60}" for m in MISTAKES])
def test_mistake(base: str, old: str, new: str, wanted: list[str]) -> None:
    assert BASES[base].count(old) == 1
    findings = check(BASES[base].replace(old, new), kind_of(base))
    assert lines(findings) == wanted
    sober(findings)


def test_not_a_mapping() -> None:
    assert lines(check("- a\n", "family")) == [
        "1:1 PP103 this file must be a mapping, not a list | write its keys on lines of their own: "
        "schema, family, category, topic, situation, cases"
    ]
    assert lines(check("prompt\n", "evidence")) == [
        "1:1 PP103 this file must be a mapping, not text | write its keys on lines of their own: schema, title"
    ]
    assert lines(check("{}\n", "taxonomy")) == [
        "1:1 PP110 this file needs `schema: taxonomy/1` | "
        "write `schema: taxonomy/1` on the first line, or move the file"
    ]


@pytest.mark.parametrize(
    ("base", "old", "new"),
    [
        ("evidence", 'date: "2026-01-05"', "date: 2026-01-05"),
        ("evidence", "confidence: high", "confidence: no"),
        ("evidence", "title: Release note", "title: *note"),
        ("evidence", "title: Release note", 'title: !!int "5"'),
        ("evidence", "title: Release note", "title:"),
        ("evidence", "title: Release note", "title: Release note\n    on: x"),
        ("evidence", "title: Release note", "title: Release note\n    <<: {a: b}"),
        ("evidence", "title: Release note", "title: Release note\n    ? [a, b]\n    : x"),
        ("evidence", "title: Release note", "title: Release note\n    title: [again]"),
        ("family", "hazard: 0", "hazard: 012"),
        ("family", "Which of these sign-ins failed?", "Which?\n    prompt: |-\n      Again?"),
        ("family", "    prompt: |-\n      Which of these sign-ins failed?", "    prompt: Is #12 the one?"),
        ("policy", "status: on-record", "status: ~"),
        ("policy", "then: fires", "then: *what"),
    ],
)
def test_what_the_reader_has_refused_is_not_told_twice(base: str, old: str, new: str) -> None:
    text = BASES[base].replace(old, new)
    assert text != BASES[base]
    findings = check(text, kind_of(base))
    assert [f.code[:3] for f in findings if f.code != "PP103"] == ["PP0"]
    assert len(findings) == 1 + ("[again]" in new)  # the last of two keys counts, and is judged
