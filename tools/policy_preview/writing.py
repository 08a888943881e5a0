"""Files written whole or not at all, and folders that hold what we wrote and nothing else."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from .core import UsageError

MANIFEST = ".policy-preview-report"  # lies in a folder of ours and names the files in it
_HALF = ".policy-preview-half-"  # begins the name of a file that is being written
_OURS = re.compile(r"[a-z0-9][a-z0-9-]*\.html")


def put(path: Path, data: bytes) -> None:
    """Write a file whole or not at all. Raises UsageError where it cannot be written."""
    temporary = None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=_HALF)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise UsageError(f"`{path}` cannot be written: {error.strerror}") from error


def own_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write `files` into a folder that is new, empty or was written by this function before; old ones of ours go.

    Raises UsageError, before anything is written, for a folder that holds something else.
    """
    try:
        before = _written(folder)
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"`{folder}` cannot be used: {error.strerror}") from error
    # The list first: a run that is cut short leaves a folder that the next one still knows as its own.
    put(folder / MANIFEST, json.dumps(sorted({*before, *files}), indent=1).encode() + b"\n")
    for name, data in files.items():
        put(folder / name, data)
    try:
        for name in before - files.keys():
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"`{folder / name}` cannot be taken away: {error.strerror}") from error
    put(folder / MANIFEST, json.dumps(sorted(files), indent=1).encode() + b"\n")


def _written(folder: Path) -> set[str]:
    """The files that an earlier run wrote there. Raises OSError, and UsageError for a folder that is not ours."""
    if not folder.exists() and not folder.is_symlink():
        return set()
    if not folder.is_dir():
        raise UsageError(f"`{folder}` is not a folder")
    if all(path.name.startswith(_HALF) for path in folder.iterdir()):
        return set()
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        names = {name for name in found if isinstance(name, str) and _OURS.fullmatch(name)}
    except (FileNotFoundError, ValueError, TypeError, RecursionError):
        raise UsageError(
            f"`{folder}` holds files that no report wrote; name a new or an empty folder, such as `{folder}/report`"
        ) from None
    return {name for name in names if (folder / name).is_file() and not (folder / name).is_symlink()}
