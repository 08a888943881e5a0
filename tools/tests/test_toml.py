"""TOML with places: every key and value stands where it is said to, whatever the writing, and nothing takes long."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_preview.core import Place, UsageError
from policy_preview.findings import Map, Seq
from policy_preview.toml import MAX_BYTES, read

TEXT = '''# what is told \t
select = ["PP1", # "a comment, [x
  'PP2'] # more
a . "b.c".d = 1979-05-27 07:32:00
[[per-file-ignores]]
files = [
  "x"
]
[[ per-file-ignores ]]
files = ["y", "z"]
[per-file-ignores.q]
r.s = {t = 1.5, u = [{ v = """a
""""}]}
[severity]
"\\u0050P301" = """
[not.a.header]
x = 1"""
'PP#2' = "]"
'''


Step = str | int


def leaves(data: Any, at: tuple[Place, Place], path: tuple[Step, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every key and item below: its path, the place of its key and of its value, and the value."""
    if path:
        yield path, *at, data
    if isinstance(data, Map):
        for key, value in data.items():
            yield from leaves(value, data.at[key], (*path, key))
    elif isinstance(data, Seq):
        for index, value in enumerate(data):
            yield from leaves(value, (data.at[index], data.at[index]), (*path, index))


def cut(text: str, place: Place) -> str:
    """What stands at a place, as long as it says."""
    return text.split("\n")[place.line - 1][place.column - 1 :][: place.length]


def seen(text: str, place: Place) -> tuple[int, int, str]:
    return place.line, place.column, cut(text, place)


def test_where_keys_and_values_stand() -> None:
    for end in ("\n", "\r\n"):
        data, text = read(TEXT.replace("\n", end).encode(), "f.toml")
        assert data == tomllib.loads(TEXT)
        assert text == TEXT
        found = {
            "/" + "/".join(map(str, path)): (
                key.line,
                key.column,
                cut(text, key),
                value.line,
                value.column,
                cut(text, value),
            )
            for path, key, value, _ in leaves(data, (data.place, data.place))
        }
        assert found["/select"] == (2, 1, "select", 2, 10, "[")
        assert found["/select/0"][3:] == (2, 11, '"PP1"')
        assert found["/select/1"][3:] == (3, 3, "'PP2'")
        assert found["/a/b.c/d"] == (4, 11, "d", 4, 15, "1979-05-27 07:32:00")
        assert found["/a/b.c"][:3] == (4, 5, '"b.c"')
        assert found["/per-file-ignores"][:3] == (5, 3, "per-file-ignores")
        assert found["/per-file-ignores/0"][:3] == (5, 1, "[[per-file-ignores]]")
        assert found["/per-file-ignores/1"][:3] == (9, 1, "[[ per-file-ignores ]]")
        assert found["/per-file-ignores/0/files/0"][3:] == (7, 3, '"x"')
        assert found["/per-file-ignores/1/files/1"][3:] == (10, 15, '"z"')
        assert found["/per-file-ignores/1/q/r/s/t"] == (12, 8, "t", 12, 12, "1.5")
        assert found["/per-file-ignores/1/q/r/s/u/0/v"] == (12, 24, "v", 12, 28, '"')
        assert found["/severity/PP301"][:3] == (15, 1, '"\\u0050P301"')
        assert found["/severity/PP#2"] == (18, 1, "'PP#2'", 18, 10, '"]"')


# --- any text ---------------------------------------------------------------------------------------------------------

BARE = st.text("abPP30-_", min_size=1, max_size=4)
QUOTED = st.text('ab.=[]{}#,"\\ \u00e9\U0001f600', max_size=5).map(
    lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
)
LITERAL = st.text('ab.=[]{}#,"\\ ', max_size=5).map(lambda text: f"'{text}'")
KEY = st.lists(BARE | QUOTED | LITERAL, min_size=1, max_size=3).flatmap(
    lambda parts: st.sampled_from([".", " . ", "\t."]).map(lambda dot: dot.join(parts))
)
LONG = st.sampled_from(['"""', "'''"]).flatmap(
    lambda mark: st.lists(st.sampled_from(["a", "\n", "[x]", "# ", '"', "'", '""', "= 1"]), max_size=5).map(
        lambda parts: mark + "".join(parts) + "." + mark
    )
)
PLAIN = st.sampled_from(["1", "-1.5e3", "0x1F", "true", "inf", "1979-05-27", "1979-05-27 07:32:00Z", "07:32:00.5"])
VALUE = st.recursive(
    QUOTED | LITERAL | LONG | PLAIN,
    lambda value: (
        st.lists(value, max_size=3).flatmap(
            lambda items: st.sampled_from(["[{}]", "[ {} ]", "[\n# ]\n{}]", "[{}\n]"]).map(
                lambda form: form.format(" , ".join(items))
            )
        )
        | st.lists(st.tuples(KEY, value), max_size=3).map(
            lambda pairs: "{" + ", ".join(f"{key} = {value}" for key, value in pairs) + "}"
        )
    ),
    max_leaves=6,
)
LINE = (
    st.tuples(KEY, st.sampled_from(["=", " = ", "\t="]), VALUE, st.sampled_from(["", " # [x]", "  "])).map("".join)
    | KEY.map(lambda key: f"[{key}]")
    | KEY.map(lambda key: f" [[ {key} ]] # x")
    | st.sampled_from(["", "# a = [", "\t"])
)
DOCUMENT = st.lists(LINE, max_size=6).flatmap(
    lambda lines: st.sampled_from(["\n", "\r\n"]).map(lambda end: "\n".join(lines).replace("\n", end))
)


LONG_MARKS = ('"""', "'''")


def said(value: str) -> str:
    """What a piece of TOML says; nothing if it is none."""
    try:
        return repr(tomllib.loads(f"x = {value}")["x"])
    except tomllib.TOMLDecodeError:
        return ""


def check(text: str) -> bool:
    """Hold what is read against the library, and each place against the text. Whether it was TOML."""
    try:
        wanted = tomllib.loads(text)
    except (ValueError, RecursionError):
        with pytest.raises(UsageError, match=r"^f\.toml:[0-9]+:[0-9]+: "):
            read(text.encode("utf-8", "surrogatepass"), "f.toml")
        return False
    data, text = read(text.encode(), "f.toml")
    assert repr(data) == repr(wanted)  # as text, since nan is not itself
    for path, key, value, found in leaves(data, (data.place, data.place)):
        if isinstance(path[-1], str):
            assert list(tomllib.loads(f"{cut(text, key)} = 0")) == [path[-1]]
        if not isinstance(found, dict | list):
            after = text.split("\n")[value.line - 1 :]
            after[0] = after[0][value.column - 1 :]
            ends = "\n".join(after) if after[0][:3] in LONG_MARKS else cut(text, value)
            lengths = range(len(ends), 0, -1) if after[0][:3] in LONG_MARKS else (len(ends),)
            assert any(said(ends[:length]) == repr(found) for length in lengths)
    return True


SEEN = {True: 0, False: 0}


@settings(max_examples=400, deadline=None)
@given(DOCUMENT)
def test_places_of_any_document(text: str) -> None:
    SEEN[check(text)] += 1


def test_of_these_many_were_toml() -> None:
    """Else the test before would say little."""
    assert SEEN[True] > SEEN[False] / 9 > 0


@settings(max_examples=400, deadline=None)
@given(st.text("ab.=[]{}#,\"'\\ \n\r\t1\x00\u2028\ud800\ufeff", max_size=30) | st.binary(max_size=20))
def test_any_text_is_read_or_refused(text: str | bytes) -> None:
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    try:
        data, _ = read(raw, "f.toml")
    except UsageError as error:
        words = str(error)
    else:
        words = "f.toml:" * (repr(data) == repr(tomllib.loads(raw.decode())))
    assert words.startswith("f.toml:")
    assert words.isprintable()


HALF = MAX_BYTES // 2
HARD = {
    "a dotted key": (".".join("a" * HALF) + " = 1", "f.toml:1:64: a key of more than 32 parts; shorten it"),
    "a dotted header": ("\n[" + ".".join("a" * HALF), "f.toml:2:65: a key of more than 32 parts; shorten it"),
    "lists in lists": ("a = " + "[" * HALF + "]" * HALF, "f.toml:1:1: lists or tables nested too deep; flatten them"),
    "a long number": ("a = " + "9" * HALF, "f.toml:1:1: a value that cannot be read: "),
    "quotes": ('a = "' * (HALF // 3), "f.toml:1:11: not valid TOML: expected newline or end of document"),
    "open text": ('a = """' + '\\"""' * (HALF // 3), "f.toml:1:"),
    "brackets": ("]" * MAX_BYTES, "f.toml:1:1: not valid TOML: invalid statement"),
    "tables": ("[[a]]\n" * (HALF // 3), ""),
    "long keys": ("".join(".".join(["a"] * 31) + f".b{n} = 1\n" for n in range(HALF // 40)), ""),
    "items": ("a = [" + "1," * (HALF - 4) + "]", ""),
}


@pytest.mark.parametrize("name", HARD)
def test_nothing_takes_long(name: str) -> None:
    text, said = HARD[name]
    began = time.process_time()
    if said:
        with pytest.raises(UsageError) as caught:
            read(text.encode(), "f.toml")
        assert str(caught.value).startswith(said)
        assert len(str(caught.value)) < 250
    else:
        read(text.encode(), "f.toml")
    assert time.process_time() - began < 10  # the library alone takes minutes for some, and all memory
