"""Dates as the files write them: text in UTC, from a year down to a second. Imports nothing of ours."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

_SHAPE = re.compile("[0-9]{4}(-[0-9]{2}(-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?Z)?)?)?")
_FORMS = {4: "%Y", 7: "%Y-%m", 10: "%Y-%m-%d", 17: "%Y-%m-%dT%H:%MZ", 20: "%Y-%m-%dT%H:%M:%SZ"}


def start(date: str) -> datetime:
    """The first instant of `date`. Raises ValueError for what is no date, such as the 31st of June."""
    if not _SHAPE.fullmatch(date):  # strptime alone takes blanks and digits of every script
        raise ValueError(f"not a date: {date}")
    return datetime.strptime(date, _FORMS[len(date)])


def end(date: str) -> datetime:
    """The first instant after `date`, for a coarse date the end of its year, month or day."""
    first = start(date)
    try:
        if len(date) == 4:
            return first.replace(year=first.year + 1)
        if len(date) == 7:
            return (first + timedelta(days=31)).replace(day=1)
        return first + {10: timedelta(days=1), 17: timedelta(minutes=1), 20: timedelta(seconds=1)}[len(date)]
    except (ValueError, OverflowError):  # the year 9999 has no end that can be written
        return datetime.max


def before(one: str, other: str) -> bool:
    """Whether `one` lies before `other`, compared at the coarser of the two."""
    size = min(len(one), len(other))
    if size in (17, 20) and len(one) != len(other):
        size = 16  # minutes against seconds: the Z stands elsewhere
    return one[:size] < other[:size]


def known_by(disclosed: str, day: str) -> bool:
    """Whether what was disclosed at `disclosed` is known at the end of `day`; a coarse date counts from its end."""
    return end(disclosed) <= end(day)
