"""The reader: where things stand, keys, what has no place in data, and how much is read."""

from __future__ import annotations

from pathlib import Path

import pytest
from two_parsers import sound, spot, told  # beside this file

from policy_preview import faults, reader
from policy_preview.findings import place_of
from policy_preview.reader import Refused, parse

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
