"""A workspace on disk: where it is, what lies in it, and what belongs at a place in it."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from pathlib import Path

from . import faults
from .core import Place, UsageError
from .findings import Finding
from .regular import NotRegularError, regular

TOPS = ("spec", "cases")
CONFIGURATIONS = ("policy-preview.toml", "pyproject.toml")
_ENDINGS = (".yaml", ".yml")
Fault = Callable[[Place], Finding]
_KINDS = ((stat.S_ISDIR, "a directory"), (stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket"),
          (stat.S_ISCHR, "a device"), (stat.S_ISBLK, "a device"))  # fmt: skip


def find_root(start: Path) -> Path:
    """The workspace that `start` lies in: the nearest folder upward with spec/ and cases/. Raises UsageError."""
    here = Path(os.path.abspath(start))  # noqa: PTH100  # a link must not lead to a workspace other than it lies in
    for folder in (here, *here.parents):
        if (folder / "spec").is_dir() and (folder / "cases").is_dir():
            return folder.resolve()
    raise UsageError(
        "no workspace here: neither this folder nor one above it holds both spec/ and cases/; "
        "name one with --root, or make one with `policy-preview init DIR`"
    )


def walk(root: Path, tops: Sequence[str] = TOPS) -> Iterator[tuple[Path, Fault | None]]:
    """Every YAML-named entry below `tops`, in order of name, and with a fault what cannot be looked into."""
    inside = root.resolve()
    pending = [str(root / top) for top in reversed(tops)]
    while pending:  # not os.walk, which goes down by recursion and passes over what it may not list
        here = pending.pop()
        if os.path.islink(here):  # noqa: PTH114  # spec or cases itself
            yield Path(here), partial(faults.not_a_file, kind="a link to a directory")
            continue
        try:
            entries = sorted(os.scandir(here), key=lambda entry: os.fsencode(entry.name))
        except FileNotFoundError:
            continue
        except OSError as error:
            yield Path(here), partial(faults.unreadable, why=error.strerror or "not readable")
            continue
        folders = []
        for entry in entries:
            is_folder, is_link = entry.is_dir(follow_symlinks=False), entry.is_symlink()
            if entry.name.startswith("."):
                continue
            if is_link and os.path.isdir(entry.path):  # noqa: PTH112  # a Path of each entry would double the time
                yield Path(entry.path), partial(faults.not_a_file, kind="a link to a directory")
            elif entry.name.lower().endswith(_ENDINGS):
                path = Path(entry.path)
                leaves = is_link and path.exists() and not path.resolve().is_relative_to(inside)
                yield path, partial(faults.not_a_file, kind="a link out of the workspace") if leaves else None
            if is_folder:
                folders.append(entry.path)
        pending += reversed(folders)


@dataclass(frozen=True, slots=True)
class Source:
    """One file to look at: where it is, what is wrong with it before it is opened, what it is called, what it holds."""

    path: Path
    fault: Fault | None
    name: str
    kind: str


def sources(root: Path) -> list[Source]:
    """Every file of a workspace, in order; named as seen from the current directory."""
    return [Source(path, fault, display(path), kind_of(path.relative_to(root))) for path, fault in walk(root)]


def contents(path: Path) -> bytes | Fault:
    """The bytes of a file, or what is wrong with it: not a regular file, not readable, too big."""
    try:
        raw = regular(path, faults.MAX_BYTES)
        if len(raw) <= faults.MAX_BYTES:
            return raw
        return partial(faults.too_big, size=max(path.stat().st_size, len(raw)))
    except NotRegularError as error:
        kind = next((word for test, word in _KINDS if test(error.mode)), "something else")
        return partial(faults.not_a_file, kind=kind)
    except (OSError, ValueError) as error:
        return partial(faults.unreadable, why=getattr(error, "strerror", None) or str(error))


def digest(raw: bytes) -> str:
    """What tells one content from another."""
    return blake2b(raw, digest_size=16).hexdigest()


def display(path: Path, below: Path | None = None) -> str:
    """A path as a user here would write it."""
    try:
        return path.relative_to(below or Path.cwd()).as_posix()
    except (ValueError, OSError):
        return path.as_posix()


def kind_of(path: Path) -> str:
    """The kind of file that belongs at a place in the workspace; empty where none does."""
    if path.parts[0] == "cases":
        return "family"
    if path.parts[1:] in (("taxonomy.yaml",), ("taxonomy.yml",)):
        return "taxonomy"
    return {"evidence": "evidence", "policies": "policy"}.get(path.parts[1] if len(path.parts) > 2 else "", "")
