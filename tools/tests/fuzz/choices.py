"""Bytes as a sequence of choices, so that a fuzzer which changes bytes changes what is made of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Choices:
    """Reads choices from the front. Behind the end each is the first, so that short inputs make small things."""

    def __init__(self, raw: bytes) -> None:
        self._raw, self._at = raw, 0

    def below(self, end: int) -> int:
        """A number from 0 to `end` - 1; one byte, or two where one has too few values."""
        size = 1 if end <= 256 else 2
        taken = self._raw[self._at : self._at + size]
        self._at += size
        return int.from_bytes(taken, "big") % end if end > 1 else 0

    def pick(self, items: Sequence[T]) -> T:
        return items[self.below(len(items))]

    def chance(self, of: int) -> bool:
        """Yes in one of `of` cases, never behind the end."""
        return self.below(of) == of - 1

    def some(self, items: Sequence[T], most: int) -> list[T]:
        """Up to `most` of the items, each once."""
        return list(dict.fromkeys(self.pick(items) for _ in range(self.below(most + 1))))

    def text(self) -> str:
        """Up to fifteen characters, of which one byte each."""
        return "".join(chr(self.below(256)) for _ in range(self.below(16)))
