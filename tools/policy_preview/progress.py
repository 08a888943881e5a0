"""Which step of how many is being worked on: what takes long says so, and whoever watches may look. Shows nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Step:
    """Step `number` of `of`, from 1: what is done, and to what."""

    what: str
    name: str
    number: int
    of: int


WATCHED: ContextVar[list[Step] | None] = ContextVar("WATCHED", default=None)  # the steps under way, outermost first


def steps(items: Sequence[_T], what: str, name: Callable[[_T], str] = lambda _: "") -> Iterator[_T]:
    """Hand `items` on one by one, noting which is being worked on where somebody watches."""
    watched = WATCHED.get()
    if watched is None:
        yield from items
        return
    depth = len(watched)
    try:
        for number, item in enumerate(items, 1):
            watched[depth:] = [Step(what, name(item), number, len(items))]
            yield item
    finally:
        del watched[depth:]
