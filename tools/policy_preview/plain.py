"""Plain files and plain lines, which are no YAML of a workspace: read with the error that a user can act on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .core import UsageError
from .regular import regular

_NAMED = 5
_MOST_BYTES = 64 * 2**20


def text(path: Path, root: Path, why: str = "") -> str:
    """The text of a file that lies in the folder `root`; `why` says who needs it.

    Raises UsageError: unreadable, no regular file, a link that leads out of `root`, too large, or not UTF-8.
    """
    try:
        return _bytes(path, root).decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    except (OSError, ValueError) as error:
        said = (error.strerror if isinstance(error, OSError) else "") or str(error)
        raise UsageError(f"`{path}` cannot be read{why}: {said}") from error


def _bytes(path: Path, root: Path) -> bytes:
    """What a file of `root` holds."""
    if not path.resolve().is_relative_to(root.resolve()):
        raise ValueError("it is a link out of the workspace")
    found = regular(path, _MOST_BYTES)
    if len(found) > _MOST_BYTES:
        raise ValueError(f"it has over {_MOST_BYTES // 2**20} MiB")
    return found


def json_object(path: Path, root: Path, why: str = "") -> dict[str, Any]:
    """A file of `root` that holds one JSON object. Raises UsageError as `text`, and for what is broken or no object."""
    try:
        data = json.loads(text(path, root, why))
        json.dumps(data, ensure_ascii=False, allow_nan=False).encode()  # what it takes is more than JSON, and than text
    except UnicodeEncodeError as error:
        raise UsageError(f"`{path}` cannot be read{why}: it holds half of a surrogate pair") from error
    except (ValueError, RecursionError) as error:
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
