"""The quick reading against the reader proper: what it takes is taken there too, and is the same."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from policy_preview import reader, strict
from policy_preview.findings import Map, Seq
from policy_preview.quick import quick
from policy_preview.reader import Document, parse

REPO = Path(__file__).resolve().parents[2]
DATA = [*sorted((REPO / "spec").rglob("*.yaml")), *sorted((REPO / "cases").rglob("*.yaml"))]
FIXTURES = sorted((REPO / "tools" / "tests" / "fixtures" / "bad").rglob("*.yaml"))


def slow(text: str) -> Document:
    """The reader proper."""
    document = Document("-", text=text)
    reader._Builder(document).run()
    return document


def alike(one: Any, other: Any) -> bool:
    """Equal in type too: 1 is not true, and a list not a tuple."""
    if type(one) is not type(other):
        return False
    if isinstance(one, Map):
        return list(one) == list(other) and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, Seq):
        return len(one) == len(other) and all(map(alike, one, other))
    return bool(one == other)


def agree(text: str) -> bool:
    """Whether the quick reading took the text; if so, all must be as in the other."""
    refused = (reader._CONTROL, reader._SEPARATOR, reader._DIRECTIVE, strict.RETURN)
    if any(pattern.search(text) for pattern in refused):
        return False  # before either
    found = quick(text, lambda: None)
    if found is None:
        return False
    proper = slow(text)
    assert proper.findings == []
    assert alike(found, proper.data)
    return True


@pytest.mark.parametrize("paths", [DATA, FIXTURES], ids=["data", "fixtures"])
def test_files(paths: list[Path]) -> None:
    texts = [path.read_bytes().decode("utf-8", "replace") for path in paths if path.is_file()]
    taken = sum(agree(re.sub(r" *# expect: .*", "", text)) for text in texts)
    assert taken > 0.98 * len(texts) if paths is DATA else taken > 40


def test_line_ends_are_not_data() -> None:
    for path in DATA[::7]:
        text = path.read_text(encoding="utf-8")
        found = parse(text.replace("\n", "\r\n"))
        assert found.findings == []
        assert alike(found.data, parse(text).data)


def test_places_come_when_asked_for() -> None:
    text = (REPO / "spec" / "taxonomy.yaml").read_text(encoding="utf-8")
    late, proper = parse(text, "-"), slow(text)
    assert not hasattr(late.data, "_at"), "nobody has asked"

    def walk(one: Any, other: Any) -> None:
        if isinstance(one, Map | Seq):
            assert (one.place, one.at) == (other.place, other.at)
            for key in one if isinstance(one, Map) else range(len(one)):
                walk(one[key], other[key])

    walk(late.data["categories"][0], proper.data["categories"][0])
    walk(late.data, proper.data)


INDENTS = st.sampled_from(["", " ", "  ", "  ", "    ", "    ", "      ", "   ", "\t"])
HEADS = st.sampled_from(["a: ", "b: ", "a:", "c:", "- ", "- ", "- a: ", "- b:", "-", "", "- - ", "on: ", '"k": ', "? "])
PIECES = (
    "", "|-", ">-", "|", ">", "|2-", "x", "two words", "12", "1.5", "012", "yes", "null", "~", "2026-01-01", "1:30",
    '"q"', '"q\\"r"', '"\\n"', "'s'", "'it''s'", "x # c", "x #", "a:b", "a: b", "a#b", "[a]", "{a: 1}", "(x)", "&a x",
    "*a", "!t x", "x ", " x", "# c", "é", "日本", "x\ty", "---", "...", "%x", "1_000", "0x1F", "1e3", "x:", '"q" # c',
    "x\r", "|-\r", "\r", "'s'\r", "x\ry",
)  # fmt: skip
VALUES = st.one_of(st.sampled_from(PIECES), st.text("ab :#-|>\"'\\1\t \r", max_size=8))
LINES = st.lists(st.tuples(INDENTS, HEADS, VALUES).map("".join), min_size=1, max_size=9)


@settings(max_examples=1500, deadline=None)
@given(LINES, st.sampled_from(["\n", "\n", "\n", "\n\n", ""]))
@example(["a: |-", "    x", "", "      y", "   z", "b: 1"], "\n")
@example(["a: |-", "  x", "      ", "b: 1"], "\n")
@example(["a: |-", "  x  ", "  ", ""], "\n")
@example(["a: >-", "  x ", "  y", "", "b: >-", "   z", "  # no comment"], "\n")
@example(["a: |-", "  x", "", "  "], "")
@example(["a: |-", " \tx"], "\n")
@example(["- a: |-", "   x", "  b: |-", "    y"], "\n")
@example(["a: |-", "  x\r", "  y", "b: z"], "\n")
@example(["a: x\r", "b: y"], "\n")
def test_lines(lines: list[str], end: str) -> None:
    agree("\n".join(lines) + end)


def test_mutants() -> None:
    """Real files with a few characters taken out, put in or doubled, and lines moved."""
    chance = random.Random(7)  # noqa: S311  # to repeat, not to hide
    texts = [path.read_text(encoding="utf-8")[:3000] for path in chance.sample(DATA, 60)]
    taken = 0
    for text in texts:
        for _ in range(12):
            lines = text.split("\n")
            for _ in range(chance.randint(1, 3)):
                at = chance.randrange(len(lines))
                line = lines[at]
                spot = chance.randrange(len(line) + 1)
                put = line[:spot] + chance.choice(" :#-'\"\t\r|>\\&*!%@,[]{}?") + line[spot:]
                taken_out = line[:spot] + line[spot + 1 :]
                lines[at] = chance.choice(
                    [put, taken_out, " " + line, line[1:], line + " ", line * 2, "", line + "\n" + line]
                )
            taken += agree("\n".join(lines) + "\n")
    assert taken > 100, taken
