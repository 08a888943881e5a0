"""Where in a file the character of a text stands, however the value is written."""

from __future__ import annotations

import pytest

from policy_preview.core import Place
from policy_preview.findings import place_of
from policy_preview.reader import parse
from policy_preview.rules.places import lines_of, spot

WRITTEN = {
    "literal": "key:\n  topic: |-\n    one two\n      three\n\n    four\n  next: 1\n",
    "literal, kept end": "key:\n  topic: |+\n    one\n\n\n  next: 1\n",
    "literal, comment behind": "key:\n  topic: |- # a comment with one two\n    one two\n",
    "literal, stated indent": "key:\n  topic: |2-\n      one\n    two\n",
    "literal, blank lines first": "key:\n  topic: |-\n\n\n    one\n     two  \n    three\n",
    "literal, wide characters": "key:\n  topic: |-\n    電話 😀 は\n    両方\n",
    "literal, CRLF": "key:\r\n  topic: |-\r\n    one\r\n    two\r\n",
    "literal, last line without an end": "key:\n  topic: |-\n    one\n    two",
    "folded": "key:\n  topic: >-\n    one two\n    three\n\n    four\n      five\n    six\n",
    "plain": "key:\n  topic: one two\n",
    "plain, comment behind": "key:\n  topic: one # a comment with one\n",
    "plain, several lines": "key:\n  topic: one two\n    three\n\n    four\n",
    "single quotes": "key:\n  topic: 'it''s   ''one'''\n",
    "single quotes, several lines": "key:\n  topic: 'one\n    two\n\n    it''s'\n",
    "double quotes": 'key:\n  topic: "one two"\n',
    "double quotes, several lines": 'key:\n  topic: "one\n    two \\\n    three"\n',
    "in brackets": "key: {topic: one two, next: 1}\n",
    "the key of another line": 'key:\n  "topic": "one"\n',
}


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN)
def test_every_character(text: str) -> None:
    document = parse(text, "file")
    assert not document.findings
    value, place = document.data["key"]["topic"], place_of(document.data, ["key", "topic"])
    lines = lines_of(text)
    found = [spot(lines, place, value, n) for n, char in enumerate(value) if char not in " \n"]
    assert found == sorted(set(found))  # each has a place of its own, in order
    assert [lines[p.line - 1][p.column - 1] for p in found] == [char for char in value if char not in " \n"]
    assert {p.file for p in found} == {"file"}


@pytest.mark.parametrize(
    ("text", "offset", "place"),
    [
        ("a: |-\n   one\n   two\n", 4, Place("file", 3, 4)),
        ("a: |-\n   one\n   two\n", 3, Place("file", 2, 7)),  # the line break stands behind the line
        ("a: |-\n   one\n   two\n", 6, Place("file", 3, 6)),
        ("a:  one\n", 2, Place("file", 1, 7)),
        ('a: "\\u00e9 \\x62\\n c"\n', 0, Place("file", 1, 5)),
        ('a: "\\u00e9 \\x62\\n c"\n', 2, Place("file", 1, 12)),
        ('a: "\\u00e9 \\x62\\n c"\n', 5, Place("file", 1, 19)),
        ("a: 'it''s'\n", 3, Place("file", 1, 9)),
        ("a: >-\n  one\n\n  two\n", 5, Place("file", 4, 4)),
    ],
)
def test_place(text: str, offset: int, place: Place) -> None:
    data = parse(text, "file").data
    assert spot(lines_of(text), place_of(data, ["a"]), data["a"], offset) == place


def test_length_ends_with_the_line() -> None:
    text = "a: |-\n  one two\n  three\n"
    data = parse(text, "file").data
    at = place_of(data, ["a"])
    assert spot(lines_of(text), at, data["a"], 4, 3).length == 3
    assert spot(lines_of(text), at, data["a"], 4, 30).length == 3


@pytest.mark.parametrize("lines", [[], [""], ["a: other"], ["a: |-", "  x"], ["a: >-", "  x"]])
def test_a_value_that_is_not_there_has_the_place_it_was_given(lines: list[str]) -> None:
    place = Place("file", 1, 4)
    assert spot(lines, place, "one two", 4) == place
