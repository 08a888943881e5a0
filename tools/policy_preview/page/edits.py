"""What differs between the members of a family, word by word. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import groupby
from typing import NamedTuple

# A character of a script that puts no blanks between words, a run of blanks, a word, or any other character.
_WIDE = r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f]"
_TOKEN = re.compile(rf"{_WIDE}|\s+|(?:(?!{_WIDE})\w)+(?:['\u2019.,-](?:(?!{_WIDE})\w)+)*|.", re.DOTALL)
_MOST = 4_000  # tokens of two texts that are compared; longer ones are shown without marks


class Piece(NamedTuple):
    """A run of a text, and whether it is a part that the other members do not have alike."""

    text: str
    differs: bool


def marked(texts: Sequence[str]) -> list[list[Piece]]:
    """The texts of a family as pieces: in each what the first has not, in the first what any other has not."""
    tokens = [_TOKEN.findall(text) for text in texts]
    flags = [[False] * len(each) for each in tokens]
    for number, other in enumerate(tokens[1:], 1):
        for one, (start, end) in _changes(tokens[0], other):
            flags[0 if one else number][start:end] = [True] * (end - start)
    return [_pieces(each, flag) for each, flag in zip(tokens, flags, strict=True)]


def _changes(one: list[str], other: list[str]) -> list[tuple[bool, tuple[int, int]]]:
    """The stretches that differ: whether of the first text, and from which token to which."""
    if len(one) + len(other) > _MOST:
        return []
    head = 0  # siblings are nearly alike: what they begin and end with need not be searched
    while head < min(len(one), len(other)) and one[head] == other[head]:
        head += 1
    tail = 0
    while tail < min(len(one), len(other)) - head and one[-1 - tail] == other[-1 - tail]:
        tail += 1
    middles = one[head : len(one) - tail], other[head : len(other) - tail]
    found = []
    for kind, a, b, c, d in SequenceMatcher(None, *middles, autojunk=False).get_opcodes():
        if kind != "equal":
            found += [(True, (head + a, head + b)), (False, (head + c, head + d))]
    return found


def _pieces(tokens: list[str], flags: list[bool]) -> list[Piece]:
    """Runs of tokens; a blank between two that differ goes with them, one at the edge of a run does not."""
    for index in range(1, len(tokens) - 1):
        if tokens[index].isspace():
            flags[index] = flags[index - 1] and flags[index + 1]
    for index in (0, len(tokens) - 1):
        if tokens and tokens[index].isspace():
            flags[index] = False
    at, found = 0, list[Piece]()
    for differs, run in groupby(flags):
        size = len(list(run))
        found.append(Piece("".join(tokens[at : at + size]), differs))
        at += size
    return found
