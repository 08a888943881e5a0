"""Policies through time as bars to draw: what was in force, and what could be known, as two tracks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..core import Disclosure, Policy, Window
from ..dates import start
from ..history import Line, Step
from ..resolve import disclosures, first_disclosed

WIDE = 1000.0  # units of the drawing from left to right
_LEAST = 4.0  # the width of the shortest bar that can be seen
_MOST_TICKS = 8


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of a track. `kind`: sure, unsure (somewhere in it, it begins or ends), part, known, unknown."""

    kind: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Late:
    """A clause in force before its provider disclosed it: when that was (empty: never), and how many days later.

    No days: its date is too coarse to tell.
    """

    clause: str
    known: str
    days: int


@dataclass(frozen=True, slots=True)
class Track:
    """One version: the bars of when it was in force, since when it was known in part and whole, and how long not.

    `first`: the earliest disclosure; `new`: the earliest and the latest of what the version before does not have;
    `whole`: since when every part is known, empty where one never was; `late`: what was
    in force before; `branch`: it begins another line beside the one that goes on.
    """

    step: Step
    in_force: tuple[Bar, ...]
    known: tuple[Bar, ...]
    unknown: tuple[Bar, ...]
    first: str
    new: tuple[str, ...]
    whole: str
    late: tuple[Late, ...]
    branch: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """One drawing: versions that follow one another, or a provider's that follow none; `ticks`: place and label."""

    provider: str
    alone: bool
    tracks: tuple[Track, ...]
    ticks: tuple[tuple[float, str], ...]


def timelines(lines: Sequence[Line]) -> tuple[Timeline, ...]:
    """A drawing for each line of several versions, with what branches off it, and one for a provider's others."""
    found = list[Timeline]()
    versions = {step.policy.id: step.policy for line in lines for step in line.steps}
    for provider in dict.fromkeys(line.provider for line in lines):
        groups, branches = dict[str, list[Step]](), set[str]()
        for line in [line for line in lines if line.provider == provider]:
            first = line.steps[0]
            home = next((name for name, steps in groups.items() if first.after in [s.policy.id for s in steps]), "")
            name = home or (first.policy.id if len(line.steps) > 1 else "")
            groups.setdefault(name, []).extend(line.steps)
            branches.update([first.policy.id] if home else [])
        for name, steps in sorted(groups.items(), key=lambda pair: not pair[0]):
            scale = _Scale.over(steps)
            tracks = [_track(step, versions.get(step.after), scale) for step in steps]
            tracks = [replace(each, branch=each.step.policy.id in branches) for each in tracks]
            found.append(Timeline(provider, not name, tuple(tracks), tuple(scale.ticks())))
    return tuple(found)


def _dates(step: Step) -> Iterator[str]:
    for window in (step.policy.start, step.policy.until):
        yield from (date for date in (window.after, window.before) if date) if window else ()
    yield from (date for _, disclosed in _stated(step.policy) if (date := first_disclosed(disclosed)))


def _stated(policy: Policy) -> list[tuple[str, tuple[Disclosure, ...]]]:
    """The clauses that say when they were disclosed."""
    return [each for each in disclosures(policy) if each[1]]


@dataclass(frozen=True, slots=True)
class _Scale:
    first: datetime
    last: datetime

    @classmethod
    def over(cls, steps: Iterable[Step]) -> _Scale:
        """From the first to the last date that some versions give, with a margin."""
        dates = sorted(start(date) for step in steps for date in _dates(step)) or [datetime(2026, 1, 1)]
        margin = max((dates[-1] - dates[0]) * 0.05, timedelta(days=2))
        return cls(_moved(dates[0], -margin), _moved(dates[-1], margin))

    def x(self, moment: datetime) -> float:
        clamped = min(max(moment, self.first), self.last)
        return round(WIDE * ((clamped - self.first) / (self.last - self.first)), 1)

    def bar(self, kind: str, begin: datetime, finish: datetime) -> Bar:
        left = self.x(begin)
        width = max(self.x(finish) - left, _LEAST)
        return Bar(kind, min(left, WIDE - width), round(width, 1))

    def ticks(self) -> list[tuple[float, str]]:
        """The beginnings of months, or of a short time of days, every so many that they are few and stand apart."""
        short = self.last - self.first < timedelta(days=70)
        every = self._days() if short else self._months()
        step = -(-len(every) // _MOST_TICKS) or 1
        found = [(self.x(moment), label) for moment, label in every[::step]]
        return [(x, label) for x, label in found if 0.04 * WIDE < x < 0.96 * WIDE]

    def _days(self) -> list[tuple[datetime, str]]:
        day = self.first.replace(hour=0, minute=0, second=0) + timedelta(days=1)
        days = [day + timedelta(days=number) for number in range((self.last - day).days + 1)]
        return [(each, f"{each:%m-%d}") for each in days]

    def _months(self) -> list[tuple[datetime, str]]:
        first = self.first.year * 12 + self.first.month
        numbers = range(first, self.last.year * 12 + self.last.month)
        return [(datetime(n // 12, n % 12 + 1, 1), f"{n // 12:04}-{n % 12 + 1:02}") for n in numbers]


def _moved(moment: datetime, by: timedelta) -> datetime:
    try:
        return moment + by
    except OverflowError:  # the years 1 and 9999 have no day before or after
        return moment


def _track(step: Step, before: Policy | None, scale: _Scale) -> Track:
    policy = step.policy
    dates = sorted((first_disclosed(disclosed) for _, disclosed in _stated(policy)), key=lambda date: (not date, date))
    first, whole = (dates[0], dates[-1]) if dates else ("", "")
    old = set(_stated(before)) if before else set()
    new = sorted({d for c in _stated(policy) if c not in old and (d := first_disclosed(c[1]))}, key=start)
    begun = _bounds(policy.start, scale.first, scale.last)[1]
    since = [scale.bar("part", start(first), start(whole) if whole else scale.last)] if first and first != whole else []
    since += [scale.bar("known", start(whole), scale.last)] if whole else []
    late = tuple(Late(each.clause, each.known, _later(begun, each.known)) for each in step.unknown)
    dark = [scale.bar("unknown", begun, max(start(x.known) if x.known else scale.last for x in late))] if late else []
    ends = tuple(dict.fromkeys((new[0], new[-1]))) if before and new else ()
    bars = tuple(_in_force(policy, scale)), tuple(since), tuple(dark)
    return Track(step, *bars, first, ends, whole, late, branch=False)


def _later(begun: datetime, known: str) -> int:
    return max((start(known) - begun).days, 0) if known else 0


def _bounds(window: Window | None, earliest: datetime, latest: datetime) -> tuple[datetime, datetime]:
    """The first and the last moment that a point in time can be, within what can be drawn."""
    if window is None:
        return latest, latest
    return start(window.after) if window.after else earliest, start(window.before) if window.before else latest


def _in_force(policy: Policy, scale: _Scale) -> Iterable[Bar]:
    """Surely in force from the last moment at which it can have begun to the first at which it can have ended."""
    a, b = _bounds(policy.start, scale.first, scale.last)
    c, d = _bounds(policy.until, b, scale.last)
    if a < b:
        yield scale.bar("unsure", a, b)
    if b < c or a == b == c == d:
        yield scale.bar("sure", b, c)
    if max(b, c) < d:
        yield scale.bar("unsure", max(b, c), d)
