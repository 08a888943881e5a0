"""Where something stands in a file. Imports nothing of ours."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands: a file as the user would name it, line and column from 1, in code points."""

    file: str
    line: int = 1
    column: int = 1
    length: int = field(default=1, compare=False)


class Placed(Protocol):
    """Data that knows where it stands. To ask may cost another reading of its file."""

    @property
    def place(self) -> Place: ...


class Written:
    """Something made from `data`, where there is any."""

    __slots__ = ()
    data: Placed | None

    @property
    def place(self) -> Place | None:
        """Where it stands."""
        return self.data.place if self.data is not None else None
