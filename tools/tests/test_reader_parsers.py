"""Both parsers of the reader read alike, say what is wrong in our words, and take anything at all without raising."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml
from alike import same  # beside this file
from hypothesis import example, given, settings
from hypothesis import strategies as st
from two_parsers import FIXTURES, PARSERS, TEMPLATES, TOOLS, shape, spot  # beside this file

from policy_preview import reader
from policy_preview.reader import Document, parse

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
