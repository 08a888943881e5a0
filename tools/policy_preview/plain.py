"""Plain files and plain lines, which are no YAML of a workspace: read with the error that a user can act on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .core import UsageError

_NAMED = 5


def text(path: Path, why: str = "") -> str:
    """A file's text. Raises UsageError: unreadable or not UTF-8; `why` says who needs it."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"`{path}` cannot be read{why}") from error


def json_object(path: Path, why: str = "") -> dict[str, Any]:
    """A file that holds one JSON object. Raises UsageError: unreadable, broken, or another kind of value."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(f"`{path}` cannot be read{why}: {error}") from error
    if not isinstance(data, dict):
        raise UsageError(f"`{path}` holds no object")
    return data


def first_of(problems: Sequence[str]) -> str:
    """The first problems in one line, and how many more there are."""
    more = f" (and {len(problems) - _NAMED:,} more)" if len(problems) > _NAMED else ""
    return "; ".join(problems[:_NAMED]) + more


def flow(value: Any) -> str:
    """A folded text of a file, or nothing, in one line."""
    return " ".join(str(value or "").split())
