"""Dates: what is one, where it starts and ends, and how two of different coarseness compare."""

from __future__ import annotations

from datetime import datetime
from itertools import product

import pytest

from policy_preview.dates import before, end, known_by, start

SAME = ["2026", "2026-06", "2026-06-09", "2026-06-09T23:54Z", "2026-06-09T23:54:30Z"]  # each within the one before


@pytest.mark.parametrize(
    ("date", "first", "after"),
    [
        ("2026", datetime(2026, 1, 1), datetime(2027, 1, 1)),
        ("2026-06", datetime(2026, 6, 1), datetime(2026, 7, 1)),
        ("2026-12", datetime(2026, 12, 1), datetime(2027, 1, 1)),
        ("2026-01", datetime(2026, 1, 1), datetime(2026, 2, 1)),
        ("2026-06-30", datetime(2026, 6, 30), datetime(2026, 7, 1)),
        ("2028-02-28", datetime(2028, 2, 28), datetime(2028, 2, 29)),
        ("2026-06-09T23:59Z", datetime(2026, 6, 9, 23, 59), datetime(2026, 6, 10)),
        ("2026-06-09T23:54:30Z", datetime(2026, 6, 9, 23, 54, 30), datetime(2026, 6, 9, 23, 54, 31)),
    ],
)
def test_start_and_end(date: str, first: datetime, after: datetime) -> None:
    assert (start(date), end(date)) == (first, after)


@pytest.mark.parametrize("date", ["9999", "9999-12", "9999-12-31", "9999-12-31T23:59Z", "9999-12-31T23:59:59Z"])
def test_the_last_year_ends_nowhere(date: str) -> None:
    assert start(date) < end(date) == datetime.max
    assert known_by("2026-06-09", date)
    assert not known_by(date, "2026-06-09")


@pytest.mark.parametrize(
    "date",
    [
        "",
        "soon",
        "0000",
        "2026-13",
        "2026-06-31",
        "2027-02-29",
        "2026-6-9",
        "2026-06- 9",
        "2026-06-09T24:00Z",
        "2026-06-09T23:60Z",
        "2026-06-09T23:54",
        "2026-06-09T23:54z",
        "2026-06-09T23:54:60Z",
        "2026-06-09 23:54Z",
        "2026-06-09\n",
        "\uff12\uff10\uff12\uff16",
    ],
)
def test_what_is_no_date(date: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        start(date)
    with pytest.raises(ValueError, match=r".+"):
        end(date)


def test_before_is_compared_at_the_coarser() -> None:
    """That is: all of one lies before all of the other, since a coarse date either holds a finer one or is apart."""
    later = ["2027", "2026-07", "2026-06-10", "2026-06-09T23:55Z", "2026-06-09T23:54:31Z", "2026-06-09T23:55:00Z"]
    for one, other in product(SAME + later, SAME + later):
        assert before(one, other) == (end(one) <= start(other)), (one, other)
    assert not any(before(one, other) for one, other in product(SAME, SAME))


@pytest.mark.parametrize(
    ("disclosed", "day", "known"),
    [
        ("2026-06-09", "2026-06-09", True),
        ("2026-06-10", "2026-06-09", False),
        ("2026", "2026-06-09", False),
        ("2025", "2026-01-01", True),
        ("2026-06", "2026-06", True),
        ("2026-06-30", "2026-06", True),
        ("2026-06", "2026-06-29", False),
        ("2026-06", "2026-06-30", True),
        ("2026-06-09T23:54Z", "2026-06-09", True),
        ("2026-06-09T23:54Z", "2026-06-09T23:54Z", True),
        ("2026-06-09T23:54Z", "2026-06-09T23:54:58Z", False),
        ("2026-06-09T23:54Z", "2026-06-09T23:54:59Z", True),
        ("2026-06-09", "2026-06-09T23:58Z", False),
        ("2026-06-09", "2026-06-09T23:59Z", True),
    ],
)
def test_a_coarse_date_is_known_from_its_end(disclosed: str, day: str, known: bool) -> None:
    assert known_by(disclosed, day) == known
