"""Layout that YAML readers do not take alike is refused; the like of it that they do is read."""

from __future__ import annotations

import time
from typing import Any

import pytest

from policy_preview import faults
from policy_preview.reader import parse

TAB, COMMENT, SHALLOW = "a tab, where only", "a `#` right behind", "this line is not indented"
REFUSED = [
    ("a: b\t\n", "1:5", TAB),
    ("a:\tb\n", "1:3", TAB),
    ("a: b\t# c\n", "1:5", TAB),
    ("a: b\tc\n", "1:5", TAB),
    ("a:\n  b\n  \tc\n", "3:3", TAB),
    ("---\ta\n", "1:4", TAB),
    ("[a,\tb]\n", "1:4", TAB),
    ("[\n\ta]\n", "2:1", TAB),
    ("a: |\t\n  b\n", "1:5", TAB),
    ("a: |\t# c\n  b\n", "1:5", TAB),
    ("a: |-\n  \tb\n", "2:3", TAB),
    ("a: |-\n\n  \tb\n", "3:3", TAB),
    ("a: 1\n \t\nb: 2\n", "2:2", TAB),
    ("[a]# b\n", "1:4", COMMENT),
    ("a: 'b'#c\n", "1:7", COMMENT),
    ("[a,#b\n c]\n", "1:4", COMMENT),
    ("a: ># b\n  c\n", "1:5", COMMENT),
    ("a: |-# b\n  c\n", "1:6", COMMENT),
    ("a: [b,\nc]\n", "2:1", SHALLOW),
    ("a:\n  b: [c,\n  d]\n", "3:3", SHALLOW),
    ('a: "b\nc"\n', "2:1", SHALLOW),
    ("a: 'b\n\n\nc'\n", "4:1", SHALLOW),
    ("- {a: b,\nc: d}\n", "2:1", SHALLOW),
    ("- [\n  [a], [b\nc]]\n", "3:1", SHALLOW),
    ("a: [b,\r\nc]\r\n", "2:1", SHALLOW),
    ('a: "b\r\n\tc"\r\n', "2:1", SHALLOW),
    ("a:\n - [b,\n # c\n]\n", "4:1", SHALLOW),
    ("{ ?a: b }\n", "1:3", "a `?` in"),
    ("[a?b]\n", "1:2", "a `?` in"),
    ("{a? : b}\n", "1:2", "a `?` in"),
    ("[\n  b?\n]\n", "2:3", "a `?` in"),
    ("[-]\n", "1:2", "a `-` that"),
    ("- [a, -]\n", "1:7", "a `-` that"),
    ('["a":b:c]\n', "1:6", "a `:` with"),
    ('{"a":b:c}\n', "1:6", "a `:` with"),
    ('["a":b]\n', "1:6", "a `:` with"),
    ('["a":[b]]\n', "1:6", "a `:` with"),
    ('["a" :b]\n', "1:7", "a `:` with"),
    ("[a:[b]]\n", "1:4", "a `:` with"),
    ("{a:[b]}\n", "1:4", "a `:` with"),
    ("a: |\n \n  b\n", "2:1", "blanks on"),
    ("a: >2-\n \n  b\n", "2:1", "blanks on"),
    ("a: |+\n  \n", "2:1", "blanks on"),
    ("|\n a\n", "1:1", "a block of text that stands under no"),
    ("a: 1\n...\n...\n", "3:1", "`...` that"),
    ("...\n---\na: 1\n", "1:1", "`...` that"),
    ("a:\n|-\n  b\n", "2:1", SHALLOW),
    ("- a:\n  >\n   b\n", "2:3", SHALLOW),
    ('a: "b\n\t\n  c"\n', "2:1", SHALLOW),
    ('a: "b\\\n\n  c"\n', "1:6", "an empty line behind"),
    ('a: "b \\\\\\\n  \n  c"\n', "1:7", "an empty line behind"),
    ("a: |\n  b", "2:4", "the file ends"),
    ("a: >+\n  b", "2:4", "the file ends"),
    ("a: |-\n  b\n   ", "3:4", "the file ends"),
]


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(("text", "place", "what"), REFUSED, ids=[f"{text!r:.30}" for text, *_ in REFUSED])
def test_refused(text: str, place: str, what: str) -> None:
    """The Python parser takes some of this for a fault itself, and then says so in its words."""
    found = parse(text).findings
    assert {finding.code for finding in found} & {"PP021", "PP009"}
    for finding in found:
        if finding.code == "PP021":
            assert finding.message.startswith(f"not read alike by every YAML reader: {what}")
            assert f"{finding.place.line}:{finding.place.column}" == place
            assert finding.hint


def test_the_c_parser_takes_most_of_it() -> None:
    """So what is refused above is refused here, not there: else these checks would check nothing."""
    told = {text for text, *_ in REFUSED if [f.code for f in parse(text).findings] == ["PP021"]}
    assert {text for text, *_ in REFUSED} - told == {
        "a: |-\n  \tb\n",
        "a: |-\n\n  \tb\n",
        "...\n---\na: 1\n",
        "[a:[b]]\n",
        "{a:[b]}\n",
    }


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(
    ("text", "data"),
    [
        ('a: "b\tc"\n', {"a": "b\tc"}),
        ("a: |-\n  b\tc\n  \td\n", {"a": "b\tc\n\td"}),
        ("a: 1 # b\tc\n", {"a": 1}),
        ("[a] # b\n", ["a"]),
        ("a#b: c#d\n", {"a#b": "c#d"}),
        ("a: |- # b\n  c\n", {"a": "c"}),
        ("a: [b,\n c]\n", {"a": ["b", "c"]}),
        ("a: [\n  b\n]\n", {"a": ["b"]}),
        ("a: [b,\n# c\n d]\n", {"a": ["b", "d"]}),
        ('a: "b\n  c"\n', {"a": "b c"}),
        ('a: "b\n\n  c"\n', {"a": "b\nc"}),
        ('{"a":\n"b",\n"c":["d"]}\n', {"a": "b", "c": ["d"]}),
        ("- [a,\n  b]\n", [["a", "b"]]),
        ("a:\n  |-\n  b\n", {"a": "b"}),
        ("-\n |-\n  b\n", ["b"]),
        ('a: "b\\\n  c"\n', {"a": "bc"}),
        ('a: "b\\\\\n\n  c"\n', {"a": "b\\\nc"}),
        ('a: "b\n  \t\n  c"\n', {"a": "b\nc"}),
        ("a: b?\n", {"a": "b?"}),
        ("a: 1\n...\n# b\n", {"a": 1}),
        ("? a\n: b\n", {"a": "b"}),
        ('["?a", "-"]\n', ["?a", "-"]),
        ("[-a, -1]\n", ["-a", -1]),
        ("[a:b]\n", ["a:b"]),
        ('{"a":b}\n', {"a": "b"}),
        ('{"a":{"b":[1]}}\n', {"a": {"b": [1]}}),
        ("[a: b]\n", [{"a": "b"}]),
        ('["a": b:c]\n', [{"a": "b:c"}]),
        ("a: |-\n\n\n  b\n   \n  c\n", {"a": "\n\nb\n \nc"}),
        ("a: |-\n  b", {"a": "b"}),
        ("a: b", {"a": "b"}),
        ("a: |-\n  b\n\n   c\n", {"a": "b\n\n c"}),
        ("a:\n- [b,\n c]\n", {"a": [["b", "c"]]}),
        ("a: |-\n  - [b,\n  c]# d?\n", {"a": "- [b,\nc]# d?"}),
    ],
    ids=str,
)
def test_read(text: str, data: Any) -> None:
    document = parse(text)
    assert document.findings == []
    assert document.data == data


def test_no_more_than_a_person_can_use() -> None:
    found = parse("a: [" + "b?, " * 1000 + "c]\n").findings
    assert [f.code for f in found] == ["PP021"] * faults.MAX_ALIKE


BIG = 1_000_000


@pytest.mark.parametrize(
    "text",
    [
        "a: [b," + "\n" * BIG + "\n c]\n",
        'a: "' + "\n" * BIG + ' "\n',
        "a: [b," + " " * BIG + "\n c]\n",
        "a: [#\n" + " #\n" * (BIG // 3) + " c]\n",
        "a: x" + "\n \t" * (BIG // 3) + "\n y\n",
        "a: [" + "b?,\n " * 60_000 + "c]\n",
        "a: |-\n  " + "[ " * (BIG // 2) + "\n",
        "a: |-\n  " + ">\n  \n  " * (BIG // 7) + "\n",
        "- [a,\n  b?]\n" * 40_000,
        "a: |-\n\n  " + "a#" * (BIG // 2) + "\n",
        '- "a\n\n  b"\n' * 60_000,
        "- |-\n\n  a\tb\n" * 60_000,
        "- |-\n\n" * 60_000,
    ],
    ids=lambda text: f"{text[:12]!r}",
)
def test_it_takes_no_longer_than_reading(text: str) -> None:
    """What looks at each blank again for each blank, say, would take hours."""
    began = time.process_time()
    parse(text)
    assert time.process_time() - began < 5
