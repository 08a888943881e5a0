"""Data held against other data."""

from __future__ import annotations

from typing import Any


def same(one: Any, other: Any) -> bool:
    """Equal, and of the same types throughout."""
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and one == other
