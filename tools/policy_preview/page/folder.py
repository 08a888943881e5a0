"""The folder of a report: what we wrote and nothing else, and a list of that, by which the next report knows it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from .. import plain
from ..core import UsageError
from ..writing import HALF, alone, made, replace, staged, told

MANIFEST = ".policy-preview-report"  # lies in a folder of ours and names the files in it
_OURS = re.compile(r"[a-z0-9][a-z0-9-]*\.html")


def own_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write `files` into a folder that is new, empty or was written by this function before; old ones of ours go.

    Each file is whole at any time, and none is replaced before all lie on the disk. Raises UsageError, before anything
    is written, for a folder that holds something else.
    """
    _written(folder)
    with told(folder), made(folder), alone(folder):
        before = _written(folder)
        lists = [_list({*before, *files}), _list(files)]
        with staged(folder, [*lists, *files.values()]) as (first, last, *ready):
            # The list first: a run that is cut short leaves a folder that the next one still knows as its own.
            replace(first, folder / MANIFEST)
            for source, name in zip(ready, files, strict=True):
                replace(source, folder / name)
            for name in before - files.keys():
                (folder / name).unlink(missing_ok=True)
            replace(last, folder / MANIFEST)


def _list(names: Iterable[str]) -> bytes:
    return json.dumps(sorted(names), indent=1).encode() + b"\n"


def _written(folder: Path) -> set[str]:
    """The files that an earlier run wrote there. Raises UsageError for a folder that is not ours."""
    with told(folder):
        if not folder.exists() and not folder.is_symlink():
            return set()
        if not folder.is_dir():
            raise UsageError(f"`{folder}` is not a folder")
        if all(path.name.startswith(HALF) for path in folder.iterdir()):
            return set()
    try:
        found = json.loads(plain.text(folder / MANIFEST, folder))
        names = {name for name in found if isinstance(name, str) and _OURS.fullmatch(name)}
    except (UsageError, ValueError, TypeError, RecursionError):
        raise UsageError(
            f"`{folder}` holds files that no report wrote; name a new or an empty folder, such as `{folder}/report`"
        ) from None
    return {name for name in names if (folder / name).is_file() and not (folder / name).is_symlink()}
