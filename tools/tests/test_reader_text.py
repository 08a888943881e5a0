"""What the reader takes for text, for a number or for neither, and which characters it lets through."""

from __future__ import annotations

import json

import pytest
import yaml
from two_parsers import sound, told  # beside this file

from policy_preview.reader import parse

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
