"""The reader: positions, the YAML subset, what it refuses, and that both parsers read alike."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from alike import same  # beside this file
from hypothesis import example, given, settings
from hypothesis import strategies as st

from policy_preview import faults, reader
from policy_preview.core import Place
from policy_preview.findings import Map, Seq, place_of
from policy_preview.reader import Document, Refused, parse

TOOLS = Path(__file__).resolve().parents[1]
TEMPLATES = sorted((TOOLS / "policy_preview" / "template").rglob("*.yaml"))
FIXTURES = sorted((TOOLS / "tests" / "fixtures" / "bad").rglob("*.yaml"))
PARSERS = [getattr(yaml, "CLoader", yaml.Loader), yaml.Loader]


def told(document: Document) -> list[str]:
    """The findings as `LINE:COLUMN CODE`."""
    return [f"{f.place.line}:{f.place.column} {f.code}" for f in document.findings]


def sound(text: str) -> Any:
    document = parse(text)
    assert document.findings == []
    return document.data


def spot(place: Place) -> tuple[int, int, int]:
    return place.line, place.column, place.length


def shape(value: Any) -> Any:
    """Data with the type and place of everything in it."""
    if isinstance(value, Map):
        return spot(value.place), {k: (type(k), *map(spot, value.at[k]), shape(v)) for k, v in value.items()}
    if isinstance(value, Seq):
        return spot(value.place), [(spot(at), shape(v)) for at, v in zip(value.at, value, strict=True)]
    return type(value), value


@pytest.fixture(params=PARSERS, ids=["C", "Python"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(reader, "_LOADER", request.param)
    return request.param


# --- positions -------------------------------------------------------------------------------------------------------

PLACED = """\
# 😀 first
title: "😀 日本" # é
list: [a, 日本, "😀", c]
map: {é: 1, b: "x"}
deep:
  - - one
    - two words
  - text: |-
      😀 first
      second
    next: end
many words: over
  two lines
"""
PLACES: list[tuple[list[str | int], tuple[int, int, int]]] = [
    ([], (2, 1, 1)),
    (["title"], (2, 8, 6)),
    (["list"], (3, 7, 1)),
    (["list", 0], (3, 8, 1)),
    (["list", 1], (3, 11, 2)),
    (["list", 2], (3, 15, 3)),
    (["list", 3], (3, 20, 1)),
    (["map", "é"], (4, 10, 1)),
    (["map", "b"], (4, 16, 3)),
    (["deep", 0, 0], (6, 7, 3)),
    (["deep", 0, 1], (7, 7, 9)),
    (["deep", 1], (8, 5, 1)),
    (["deep", 1, "text"], (8, 11, 1)),
    (["deep", 1, "next"], (11, 11, 3)),
    (["many words"], (12, 13, 1)),
]
KEYS: list[tuple[list[str | int], tuple[int, int, int]]] = [
    (["title"], (2, 1, 5)),
    (["map", "é"], (4, 7, 1)),
    (["map", "b"], (4, 13, 1)),
    (["deep", 1, "next"], (11, 5, 4)),
    (["many words"], (12, 1, 10)),
]


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", [True, False], ids=["ended", "open"])
def test_places_count_code_points(end: str, last: bool) -> None:
    data = sound((PLACED if last else PLACED.rstrip("\n")).replace("\n", end))
    assert [spot(place_of(data, path)) for path, _ in PLACES] == [place for _, place in PLACES]
    assert [spot(place_of(data, path, key=True)) for path, _ in KEYS] == [place for _, place in KEYS]
    assert data["deep"][1]["text"] == "😀 first\nsecond"
    assert data["many words"] == "over two lines"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('a: 1\r\nb: "😀" \x07', ["2:8 PP005"]),
        ("a: 1\rb: \u202e", ["2:4 PP005", "1:5 PP006"]),
        ("a: 1\n\r\n\r\nb: 日\u2028", ["4:5 PP006"]),
        ("a: 1\r%b", ["2:1 PP015", "1:5 PP006"]),
        ("# a\rb: 1\r\n", ["1:4 PP006"]),
        ("a: 1\n\r", ["2:1 PP006"]),
        ("a: 1\n\n%b", ["3:1 PP015"]),
        ("a:\n %b", ["2:2 PP009"]),
        ("😀: b: c", ["1:5 PP009"]),
        ("a: [😀, b", ["1:9 PP009"]),
    ],
)
@pytest.mark.usefixtures("parser")
def test_places_of_what_the_parser_does_not_see(text: str, wanted: list[str]) -> None:
    assert told(parse(text)) == wanted


def test_lines_for_excerpts() -> None:
    document = parse("a: 1\r\nb: 日本\rc: 3\n")
    found = document.lines(range(-1, 6))
    assert found == {1: (0, "a: 1"), 2: (6, "b: 日本"), 3: (12, "c: 3"), 4: (17, "")}
    assert document.lines([3]) == {3: found[3]}
    assert document.lines([]) == {}
    assert parse("").lines([1, 2]) == {1: (0, "")}


# --- both parsers ----------------------------------------------------------------------------------------------------

SNIPPETS = [
    "a:", "a:\nb: 1", "a: [b, ]", "- \n- a\n-", "{a, b: , c}", "? a\n: b", "? a", "[? a]", "{: a}", "? [a]\n: 1",
    "{[a]: 1, {b: 2}: 3}", "a: &x 1", "a: *x", "*x : 1", "&x a: 1", "<<: a", "a: !t b", "a: !!str b", "a: ! b",
    "--- a", "---", "--- # x", "# x", "", "null", "~", "a", '""', "'a'", "a: 1\n---\nb: 2", "a: 1\n...\n",
    "a: 1\n...\nb: 2",
    "a: |\n  x\n\n  y\n\n", "a: >-\n  x\n  y\n\n  z", "a: |2-\n    x\n", "a: |+\n  x\n\n\nb: 1", 'a: "x\n  y\\\n  z"',
    "a: 'it''s'", "a: b#c", "a: b #c", "prompt: b #c", "x: a b #c", "x: [a b #c\n]", "[a:b, c::d, -e, ?f]", "a: - b",
    '{"a":1}', "a: b: c", "a:\n\tb: 1", "a:\n  b: 1\n\tc: 2", "a: @x", "a: `x`", "a: %x", "a: 1\nb\nc: 2",
    "a: 1\n b: 2",
    "a:\n    b: 1\n  c: 2", "- a\n b\n- c\nd: 1", "a:\n  - b\n  c: 1", "{a: b}\nc: d", "a: [b, c", "a: {b: c",
    "a: ? b",
    'a: "b\nc: 1', "a: 'b", 'a: "b\n---\nc"', 'a: "\\q"', 'a: "\\xZZ"', "a: |0\n  b", "a: | text\n  b",
    "a: >x", "a: |\n\tb",
    "a: & b", "a: *", "a: **x**", "a: !<x", "a: !foo!bar x", "a: !x{ y", 'a: "b" c', "a: 'it's'", "a: ]", "a: , b",
    "{a: b: c}", "a b\nc d: e", "x" * 1200 + ": 1", "[a,,b]", "[- a]", ": a", "a: 1\rb: 2\r",
    "a: |-\r\n  x\r\n  y\r\n",
    "a: 2026-01-01", "on: 1", "a: 1\na: 2", "a: x\n  y\n\n  z", "😀: [日, é]", "[" * 70, "- " * 70, "{a: " * 70, "...",
    "a: '\u2029'", 'a: "\\u2029"', 'a: "\\u200b"', "a:\n- b\n-  c", "a: {b: [c, {d: e}], f: g}", "a:   b   ", "k : v",
]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [path.read_text(encoding="utf-8", errors="replace") for path in TEMPLATES + FIXTURES] + SNIPPETS,
    ids=[path.relative_to(TOOLS).as_posix() for path in TEMPLATES + FIXTURES] + [f"{text:.20}" for text in SNIPPETS],
)
def test_both_parsers_say_the_same(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    for each in PARSERS:
        monkeypatch.setattr(reader, "_LOADER", each)
        document = parse(text)
        seen.append((shape(document.data), document.findings, [spot(f.place) for f in document.findings]))
    assert seen[0] == seen[1]


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("text", SNIPPETS)
def test_faults_of_syntax_are_put_in_our_words(text: str) -> None:
    for finding in parse(text).findings:
        assert "unreadable" not in finding.message
        assert not re.search(r"expected|found|token|indicator|scalar|<.*>", finding.message), finding.message


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a: b: c", "1:5 not valid YAML: a colon makes a key here, where none can stand"),
        ("a:\n\tb: 1", "2:1 not valid YAML: a tab, where only spaces can stand"),
        ("a: @b", "1:4 not valid YAML: `@` cannot begin a value"),
        ("a: `b`", "1:4 not valid YAML: a backtick cannot begin a value"),
        ("a: **b**", "1:5 not valid YAML: a `*` or `&` that begins a value"),
        ("a: !b!c d", "1:4 not valid YAML: a `!` that begins a value"),
        ("a: 1\nb\nc: 2", "3:1 not valid YAML: the line before is neither a key with its colon nor part of the text "
                          "above it"),
        ("a:\n    b: 1\n  c: 2", "3:3 not valid YAML: this does not fit the mapping it stands in"),
        ("a:\n  - b\n  c: 1", "3:3 not valid YAML: this does not fit the list it stands in"),
        ("a: 'it's'", "1:8 not valid YAML: this does not fit the mapping it stands in"),
        ("a: [b\nc: d", "2:2 not valid YAML: a comma or a closing bracket is missing here"),
        ("a: ]", "1:4 not valid YAML: a value is missing here"),
        ('a: "b', "1:6 not valid YAML: a quotation mark is never closed"),
        ('a: "C:\\q"', "1:7 not valid YAML: an unknown escape after `\\`"),
        ("{a: b}\nc: d", "2:1 not valid YAML: more data after the end of the data"),
        ("a: | b\n  c", "1:6 not valid YAML: text on the line of a `|` or `>`"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("parser")
def test_syntax(text: str, wanted: str) -> None:
    (finding,) = parse(text).findings
    assert finding.code == "PP009"
    assert f"{finding.place.line}:{finding.place.column} {finding.message}" == wanted
    assert finding.hint


# --- scalars ---------------------------------------------------------------------------------------------------------

ORDINARY = """
0.109.1 1.2.3 v1 1.2.3.4 2026-06 2026-W23 06-09 12:75 1:2:3:x 10am 10:00am 5pm noon half-past-ten 3/4
50% 1,000 +x -x a1 1a 0x 0b2 0o8 0xG 1e 1ee3 e3 .a . .. -- -.x ._x .infinity inf nan NaN Infinity
-Infinity nil none None Nope nobody yesterday noon onward offer truely falsehood nulls yy nn o a N/A y/n
on/off F-001 SRC-A01 cyber.1 :x http://example.com/a#b a~ ~a =a <<a a=b a<<b 2026-06-09T 2026-06-09x
2026-06-09T10 2026-06-09T10:00 20260609x 日本
"""
WORDS = [
    *ORDINARY.split(),
    "half past ten",
    "10:00 UTC",
    "at 10:00",
    "10 o'clock",
    "9 June 2026",
    "12 days",
    "yes and no",
    "2026-06-09 10:00",
    "2026-06-09 or later",
    "version 1.0",
    "1 000",
    "no, never",
    "null and void",
]
# Of YAML 1.1 (bool, null, int, float, timestamp, merge, value), of 1.2, and case variants that either reads so.
MISREAD = """
y Y yes Yes YES n N no No NO on On ON off Off OFF True TRUE False FALSE Null NULL NuLL ~ = << 012 0o14
0o7 0x1F 0X1f 0b101 0b1_0 1_000 _1 __ -_ +1_ +1 +1.5 00 -012 09 007 190:20:30 1:30 12:30 12:30:45 -1:30 10:00 1:30.5
1. .5 -.5 +.5 1e3 1E3 1e+3 1.5e3 1.5e+3 1_0.5 .inf .Inf .INF -.inf +.inf .nan .NaN .NAN ._5 0. 00.5
2026-06-09 2026-6-9 2026-06-09T10:00:00Z 2026-06-09t10:00:00 2026-06-09T10:00:00.5+02:00
2001-12-14t21:59:43.10-05:00 1234567890123456 0.1234567890123456 12345678901234567890 -1234567890123456
"""
SPECIAL = [
    *MISREAD.split(),
    "2026-06-09 10:00:00",
    "2001-12-14 21:59:43.10 -5",
    "2001-12-15 2:59:43.10",
]
NUMBERS = {"0": 0, "7": 7, "-7": -7, "10": 10, "123456789012345": 123456789012345, "0.5": 0.5, "-0.5": -0.5,
           "10.0": 10.0, "1.25": 1.25, "-0": 0, "3.14": 3.14}  # fmt: skip


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("text", WORDS)
def test_ordinary_words_are_text(text: str) -> None:
    data = sound(f"a: {text}\nb:\n  - {text}\n")
    assert data == {"a": text, "b": [text]}
    assert sound(f"{text}: 1\n") == {text: 1}


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("text", SPECIAL)
def test_what_readers_take_differently_is_refused(text: str) -> None:
    document = parse(f"a: {text}\nb: [{text}]\n")
    assert told(document) == ["1:4 PP016", "2:5 PP016"]
    assert document.data == {"a": text, "b": [text]}  # kept as text, so that an id of it is known
    code = "PP013" if text == "<<" else "PP017"
    assert told(parse(f"{text}: 1\n")) == [f"1:1 {code}"]
    assert sound(f'a: "{text}"\nb: \'{text}\'\n"{text}": |-\n  {text}\n') == {"a": text, "b": text, text: text}


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(("text", "number"), NUMBERS.items())
def test_numbers_are_those_of_json(text: str, number: float) -> None:
    data = sound(f"a: {text}\n")
    assert (type(data["a"]), data["a"]) == (type(number), number)
    assert json.loads(text) == number
    assert told(parse(f"{text}: 1\n")) == ["1:1 PP017"]


def test_constants() -> None:
    assert sound("[true, false, null]") == [True, False, None]
    assert told(parse("true: 1\nfalse: 1\nnull: 1\n")) == ["1:1 PP017", "2:1 PP017", "3:1 PP017"]
    assert sound('"true": true') == {"true": True}


@pytest.mark.parametrize("text", SPECIAL + WORDS + list(NUMBERS))
def test_another_reader_agrees(text: str) -> None:
    """What is taken for text or a number is the same to PyYAML (YAML 1.1); `0.1e5` and `010` are where it is not."""
    document = parse(f"[{text}]")
    if not document.findings:
        assert yaml.safe_load(f"[{text}]") == document.data


def test_hints_say_what_to_write() -> None:
    def hint(text: str) -> str:
        return parse(f"a: {text}").findings[0].hint

    assert hint("2026-06-09") == 'for text write "2026-06-09"; a number as in JSON'
    assert hint("yes") == 'for text write "yes"; else true or false'
    assert hint("1" * 3000) == "put it in double quotes if it is text; write a number as in JSON"
    assert hint("") == "write one; only a key that is not needed can be left out"


# --- keys ------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a: 1\na: 2\n", [("2:1", "1:1", "a")]),
        ("a: 1\nb: 2\na: 3\na: 4\n", [("3:1", "1:1", "a"), ("4:1", "3:1", "a")]),
        ("a:\n  b: 1\n  b: 2\n", [("3:3", "2:3", "b")]),
        ("- - {a: 1, b: {c: 1, c: 2}}\n", [("1:22", "1:16", "c")]),
        ('a: 1\n"a": 2\n', [("2:1", "1:1", "a")]),
        ("a: 1\n'a': 2\n\"\\x61\": 3\n", [("2:1", "1:1", "a"), ("3:1", "2:1", "a")]),
        ("a: {b: 1}\nc: {b: 2}\n", []),
        ('é: 1\n"e\\u0301": 2\n', []),
    ],
)
def test_duplicate_keys_show_both_places(text: str, wanted: list[tuple[str, str, str]]) -> None:
    found = [
        (f"{f.place.line}:{f.place.column}", f"{p.line}:{p.column}", f.message.split("`")[1], words)
        for f in parse(text).findings
        for p, words in f.related
    ]
    assert found == [(*each, "first here") for each in wanted]


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(
    ("text", "wanted", "message"),
    [
        ("on: 1", ["1:1 PP017"], "key `on` is not the same text to every YAML reader"),
        ("a: {yes: 1}", ["1:5 PP017"], "key `yes` is not the same text to every YAML reader"),
        ("null: 1", ["1:1 PP017"], "key `null` is not the same text to every YAML reader"),
        ("1: 1", ["1:1 PP017"], "key `1` is not the same text to every YAML reader"),
        ("- 1.5: 1", ["1:3 PP017"], "key `1.5` is not the same text to every YAML reader"),
        ("[a, b]: 1", ["1:1 PP017"], "a list or mapping as a key"),
        ("{a: b}: 1", ["1:1 PP017"], "a list or mapping as a key"),
        ("? - a\n  - b\n: 1", ["1:3 PP017"], "a list or mapping as a key"),
        ("? {a: [b, {c: d}], 1: 2}\n: e", ["1:3 PP017"], "a list or mapping as a key"),
        ("on: 1\non: 2", ["1:1 PP017", "2:1 PP017"], "key `on` is not the same text to every YAML reader"),
        ("? [a]\n: 1\n? [a]\n: 2", ["1:3 PP017", "3:3 PP017"], "a list or mapping as a key"),
        ("*a : 1", ["1:1 PP012"], "alias `*a`"),
        ("<<: {a: 1}", ["1:1 PP013"], "merge key `<<`"),
        ("- <<: [{a: 1}]", ["1:3 PP013"], "merge key `<<`"),
    ],
)
def test_keys(text: str, wanted: list[str], message: str) -> None:
    document = parse(text)
    assert told(document) == wanted
    assert document.findings[0].message == message


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("text", ["{? }", "{? : 1}", "?\n"])
def test_no_key(text: str) -> None:
    assert [f.message for f in parse(text).findings] == ["there is no key before this colon"]


def test_what_was_refused_is_marked() -> None:
    data = parse("on: yes\na: *b\nb: &c d\ne: !f g\nh: 'i'\nj:\nk: \"\\x07\"\n").data
    assert [key for key in data if isinstance(key, Refused)] == ["on"]
    assert [key for key, value in data.items() if isinstance(value, Refused)] == ["on", "a", "b", "e", "j", "k"]


# --- what has no place in data ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(
    ("text", "wanted", "message"),
    [
        ("a: &b 1", ["1:4 PP011"], "anchor `&b`"),
        ("a: &b [1]", ["1:4 PP011"], "anchor `&b`"),
        ("&a b: 1", ["1:1 PP011"], "anchor `&a`"),
        ("&top\na: 1", ["1:1 PP011"], "anchor `&top`"),
        ("a: *b", ["1:4 PP012"], "alias `*b`"),
        ("a: &b 1\nc: [*b, *b]", ["1:4 PP011", "2:5 PP012", "2:9 PP012"], "anchor `&b`"),
        ("a: !b c", ["1:4 PP014"], "tag `!b`"),
        ("a: ! c", ["1:4 PP014"], "tag `!`"),
        ("a: !!str 012", ["1:4 PP014"], "tag `!!str`"),
        ("a: !!python/object:os.system {}", ["1:4 PP014"], "tag `!!python/object:os.system`"),
        ("a: !!python/object/apply:os.system [id]", ["1:4 PP014"], "tag `!!python/object/apply:os.system`"),
        ("!!set {a, b}", ["1:1 PP014", "1:8 PP016", "1:11 PP016"], "tag `!!set`"),
        ("!!binary aGk=", ["1:1 PP014"], "tag `!!binary`"),
        ("a: !<tag:example.com,2000:x> y", ["1:4 PP014"], "tag `tag:example.com,2000:x`"),
        ("!a b: 1", ["1:1 PP014"], "tag `!a`"),
        ("%YAML 1.2\n---\na: 1", ["1:1 PP015"], "a line that begins with `%`"),
        ("%TAG ! tag:x,2000:\n---\na: 1", ["1:1 PP015"], "a line that begins with `%`"),
        ('a: "x\n%y"', ["2:1 PP015"], "a line that begins with `%`"),
        ("a: 1\n---\nb: 2\n", ["2:1 PP008"], "a second document in one file"),
        ("---\na: 1\n---\n", ["3:1 PP008"], "a second document in one file"),
        ("", ["1:1 PP007"], "the file is empty"),
        ("\n\n", ["1:1 PP007"], "the file is empty"),
        ("# only\n# comments\n", ["1:1 PP007"], "the file is empty"),
        ("---\n", ["1:1 PP007"], "the file is empty"),
        ("--- # nothing\n...\n", ["1:1 PP007"], "the file is empty"),
        ("null\n", ["1:1 PP007"], "the file is empty"),
        ("~\n", ["1:1 PP016"], "`~` without quotes is not the same to every YAML reader"),
        ("a:\n", ["1:1 PP016"], "`a` has no value"),
        ("x: 1\nz: {a: , b: 2}\n", ["2:5 PP016"], "`a` has no value"),
        ("- a\n-\n", ["2:2 PP016"], "there is no value here"),
    ],
)
def test_refused(text: str, wanted: list[str], message: str) -> None:
    document = parse(text)
    assert told(document) == wanted
    assert document.findings[0].message == message


def test_one_document_may_be_marked() -> None:
    assert sound("---\na: 1\n") == sound("a: 1\n...\n") == {"a": 1}


# --- text ------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("prompt: Mend bug #12 please", ["1:9 PP018"]),
        ("prompt: Mend #12", ["1:9 PP018"]),
        ("prompt: Mend it # a comment", ["1:9 PP018"]),
        ("prompt: over\n  two lines #3", ["1:9 PP018"]),
        ("messages: [{role: user, text: a b #c\n}]", ["1:31 PP018"]),
        ("pattern:\n  samples:\n    - one\n    - two #2", ["4:7 PP018"]),
        ("pattern: {observed: a b #c\n}", ["1:21 PP018"]),
        ("situation: The ticket, see #12 there", ["1:12 PP018"]),
        ("list:\n  - see channel #general", ["2:5 PP018"]),
        ("situation: A ticket # a comment", []),
        ("evidence: F-001 #launch", []),
        ("prompt: 'Mend bug' # a comment", []),
        ("prompt: |- # a comment\n  Mend bug #12", []),
        ("prompt: Mend#12", []),
        ("prompt: 5 # five", ["1:9 PP018"]),
        ("prompt:\n  - {name: x} # a comment", []),
    ],
)
def test_text_that_a_comment_cuts_short(text: str, wanted: list[str]) -> None:
    assert told(parse(text)) == wanted


def test_a_comment_after_a_tab() -> None:
    assert told(parse("prompt: Mend\t#12"))[0] == "1:9 PP018"


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(
    ("escape", "code"),
    [
        (r"\0", "PP005"), (r"\a", "PP005"), (r"\b", "PP005"), (r"\e[31m", "PP005"), (r"\v", "PP005"), (r"\f", "PP005"),
        (r"\x1b", "PP005"), (r"\x7f", "PP005"), (r"\x9b", "PP005"), (r"\u202e", "PP005"), (r"\u2066", "PP005"),
        (r"\u200b", "PP005"), (r"\u200f", "PP005"), (r"\u061c", "PP005"), (r"\u00ad", "PP005"), (r"\ufeff", "PP005"),
        (r"\U000E0041", "PP005"), (r"\U000e0100", "PP005"), (r"\u3164", "PP005"), (r"\N", "PP006"), (r"\L", "PP006"),
        (r"\P", "PP006"), (r"\x85", "PP006"), (r"\u2028", "PP006"), (r"\u2029", "PP006"),
        (r"\n", ""), (r"\r", ""), (r"\t", ""), (r"\_", ""), (r"\xe9", ""), (r"\U0001F600", ""), (r"\u200d", ""),
        (r"\\", ""), (r"\"", ""), (r"\/", ""), (r"\ ", ""),
    ],
)  # fmt: skip
def test_escapes(escape: str, code: str) -> None:
    for text, place in ((f'x: 1\na: "b{escape}c"\n', "2:4"), (f'x: 1\n- "b{escape}c": 1\n'[5:], "1:3")):
        assert told(parse(text)) == ([f"{place} {code}"] if code else [])
    assert sound(f"a: 'b{escape}'\nc: |-\n  {escape}\n") == {"a": f"b{escape}", "c": escape}


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("escape", [r"\ud800", r"\udfff", r"\ud83d\ude00", r"\U0000d800", r"\U00110000", r"\Uffffffff"])
def test_halves_of_characters(escape: str) -> None:
    document = parse(f'a: "b{escape}"')
    assert {f.code for f in document.findings} <= {"PP005", "PP009"}
    assert len(document.findings) == 1
    json.dumps([f.message for f in document.findings], ensure_ascii=False).encode()


@pytest.mark.parametrize("code", [*range(0x20), *range(0x7F, 0xA0), 0xAD, 0x34F, 0x61C, 0x200B, 0x200E, 0x202A, 0x2060,
                                  0x2069, 0x206A, 0xFEFF, 0xFFF9, 0xFFFE, 0xFFFF, 0xE0001, 0xE007F, 0x2028,
                                  0x2029])  # fmt: skip
def test_hidden_characters_as_they_stand(code: int) -> None:
    text = f"a: |-\n  b{chr(code)}c\n"
    wanted = "PP006" if code in (0x85, 0x2028, 0x2029) else "PP005"
    assert told(parse(text)) == ([] if code in (9, 10, 13) else [f"2:4 {wanted}"]) or code in (10, 13)


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(
    "char",
    ["é", "e\u0301", "日", "א", "ع", "न\u094d\u200dन", "👩\u200d💻", "❤\ufe0f", "\u00a0", "\U00020000"],
)
def test_ordinary_writing_is_let_through(char: str) -> None:
    assert sound(f"a: {char}\nb: |-\n  {char} x\n") == {"a": char, "b": f"{char} x"}


@pytest.mark.usefixtures("parser")
def test_blocks_keep_tabs_and_percent_signs() -> None:
    text = "a: |-\n  one\ttwo\n    \tthree\n  % four\n  --- five\n  # six\n  y: &x *z !t\nb: 1\n"
    assert sound(text)["a"] == "one\ttwo\n  \tthree\n% four\n--- five\n# six\ny: &x *z !t"
    assert sound("a: >-\n  one\n  two\n\n  three\n") == {"a": "one two\nthree"}


@pytest.mark.usefixtures("parser")
def test_a_block_that_begins_with_a_tab() -> None:
    """The C parser asks for spaces there, the Python one takes the tab for text."""
    (finding,) = parse("a: |-\n  \tone\n").findings
    assert (finding.place.line, finding.place.column) == (2, 3)
    assert "a tab, where only spaces can stand" in finding.message


# --- limits ----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("wrap", [("[", "]"), ("{a: ", "}")])
def test_depth(wrap: tuple[str, str]) -> None:
    deepest = wrap[0] * faults.MAX_DEPTH + "x" + wrap[1] * faults.MAX_DEPTH
    assert parse(deepest).findings == []
    document = parse(f"{wrap[0]}{deepest}{wrap[1]}")
    assert told(document) == [f"1:{len(wrap[0]) * faults.MAX_DEPTH + 1} PP019"]
    assert document.data is None


def test_depth_counts_within_keys() -> None:
    assert [f.code for f in parse("{? " * 60 + "[" * 60).findings] == ["PP017", "PP019"]


def test_nodes() -> None:
    full = "- a\n" * (faults.MAX_NODES - 1)
    assert parse(full).findings == []
    assert told(parse(full + "- b\n")) == [f"{faults.MAX_NODES}:3 PP020"]


def test_size(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    full = b"# " + b"x" * (faults.MAX_BYTES - 7) + b"\na: 1"
    path.write_bytes(full)
    assert told(reader.read(path, "x")) == []
    path.write_bytes(full + b"1")
    (finding,) = reader.read(path, "x").findings
    assert (finding.code, finding.message) == ("PP003", "4,194,305 bytes, more than the 4,194,304 that are read")


@pytest.mark.parametrize(
    "text", ["on: 1\n", "- yes\n", "a: 1\n", "- *a\n", '- "\\x07"\n', "- \x07\n", "%\n", "- \u2028\n"]
)
def test_no_more_findings_of_a_kind_than_a_person_can_use(text: str) -> None:
    document = parse(text * 1000)
    assert len(document.findings) == faults.MAX_ALIKE
    assert len({f.code for f in document.findings}) == 1


@pytest.mark.parametrize(
    ("raw", "wanted", "message"),
    [
        (b"a: caf\xe9\n", ["1:7 PP004"], "not UTF-8: byte 0xe9 at offset 6"),
        (b"a: 1\n\nb: \xc3(", ["3:4 PP004"], "not UTF-8: byte 0xc3 at offset 9"),
        ("a: 😀".encode() + b"\xff", ["1:5 PP004"], "not UTF-8: byte 0xff at offset 7"),
        (b"a: \xed\xa0\x80", ["1:4 PP004"], "not UTF-8: byte 0xed at offset 3"),
        (b"a: \xc0\x80", ["1:4 PP004"], "not UTF-8: byte 0xc0 at offset 3"),
        ("a: é".encode("utf-16"), ["1:1 PP004"], "not UTF-8: byte 0xff at offset 0"),
        ("\ufeffa: 1".encode(), ["1:1 PP005"], "invisible, control or direction character U+FEFF"),
        ("a".encode("utf-16-le"), ["1:2 PP005"], "invisible, control or direction character U+0000"),
    ],
)
def test_encodings(raw: bytes, wanted: list[str], message: str, tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(raw)
    document = reader.read(path, "x")
    assert told(document) == wanted
    assert document.findings[0].message == message
    assert document.data is None


# --- anything at all -------------------------------------------------------------------------------------------------


def within(document: Document) -> None:
    """Every finding lies in the file, or just behind it, and can be printed; where nothing is wrong there is data."""
    lines = re.split(r"\r\n|\r|\n", document.text)
    for finding in document.findings:
        for place in (finding.place, *(place for place, _ in finding.related)):
            assert 1 <= place.line <= len(lines)
            assert 1 <= place.column <= len(lines[place.line - 1]) + 1
        assert (finding.message + finding.hint).isprintable()
        assert len(finding.message) < 200
    assert document.findings or document.data is not None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=20), inner, max_size=4),
    max_leaves=12,
)


@given(JSON, st.sampled_from([None, 2]), st.booleans())
@example("1e3", None, False)
@example({"": [{"a b": -0.5}]}, 2, True)
def test_json_is_read_back_or_refused(data: Any, indent: int | None, ascii_only: bool) -> None:
    document = parse(json.dumps(data, indent=indent, ensure_ascii=ascii_only))
    within(document)
    assert document.findings or same(data, document.data)


@given(JSON, st.booleans(), st.booleans(), st.sampled_from([None, "'", '"', "|"]))
@example(["0.109.1", "12:30", "012", "1e3", "0o7", "=", "y", "2026-01-01", "null", "~", ".5", "1_0"], False, True, None)
@example({"a": "x #y", "b": "- a", "c": "a: b", "d": " x ", "e": "\n\nx\n", "f": "%x"}, False, True, "|")
def test_yaml_is_read_back_or_refused(data: Any, flow: bool, unicode: bool, style: str | None) -> None:
    dumped = yaml.safe_dump(data, default_flow_style=flow, allow_unicode=unicode, default_style=style, sort_keys=False)
    document = parse(dumped)
    within(document)
    assert document.findings or same(data, document.data)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff"), min_size=1).map(str.strip))
def test_prompts_under_a_block_are_read_back(text: str) -> None:
    if text.strip():
        document = parse(f"prompt: |-\n  {text}\n")
        assert document.findings or document.data == {"prompt": text}


@settings(max_examples=300)
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes(raw: bytes) -> None:
    within(reader._parse(raw, Document("x")))


PIECES = [
    "\t", " ", "\n", "\r\n", "\r", ":", ": ", " #", "#", "- ", "? ", "[", "]", "{", "}", ",", '"', "'", "|",
    "|-\n", ">", "&a ",
    "*a", "!", "!!str ", "%", "@", "`", "~", "null", "yes", "1e3", "é", "😀", "日本", "\\", "\\u2028", "\\x07",
    "\u200b", "---",
    "...", "\n---\n", "<<: ", "=", "a: b", "\u2028", "\ufeff", "\x00", "2026-01-01", "|2\n", "\\ud83d",
    "\\U00110000", "0",
]  # fmt: skip
SOUND = [path.read_text(encoding="utf-8") for path in TEMPLATES]
EDIT = st.tuples(st.floats(0, 1), st.integers(0, 12), st.sampled_from(PIECES) | st.text(max_size=3))
EDITS = st.lists(EDIT, min_size=1, max_size=5)


def edited(text: str, edits: list[tuple[float, int, str]]) -> str:
    for where, gone, new in edits:
        at = int(where * len(text))
        text = text[:at] + new + text[at + gone :]
    return text


@settings(max_examples=400)
@given(st.sampled_from(SOUND), EDITS)
def test_any_edit_of_a_sound_file(text: str, edits: list[tuple[float, int, str]]) -> None:
    raw = edited(text, edits).encode("utf-8", "surrogatepass")
    within(reader._parse(raw, Document("x")))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.sampled_from("abx:- \n"), max_size=14).map("".join))
def test_both_parsers_take_no_text_differently(text: str) -> None:
    """Where neither finds fault, they read the same data at the same places; and neither raises."""
    seen = []
    before = reader._LOADER
    try:
        for each in PARSERS:
            reader._LOADER = each
            document = parse(text)
            within(document)
            seen.append(document)
    finally:
        reader._LOADER = before
    if not seen[0].findings and not seen[1].findings:
        assert shape(seen[0].data) == shape(seen[1].data)
