"""Files written whole or not at all, and folders that hold what we wrote and nothing else (decision 0014).

What is being written stands in a hidden folder beside its place until it lies on the disk as a whole, and then takes
its place in one step. A run that is cut short leaves that folder behind; nothing reads it, and the next run that writes
there knows by its name and by its lock, which went with the process, that it is nobody's, and takes it away.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from .core import UsageError

if sys.platform != "win32":  # no such locks there: leftovers stay, and two runs at once mix what they write
    import fcntl

HALF = ".policy-preview-half-"  # begins the name of a folder for what is not whole yet
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


@contextmanager
def told(path: Path) -> Iterator[None]:
    """What fails in the body becomes a UsageError that names `path`, where it should have been written."""
    try:
        yield
    except OSError as error:
        raise UsageError(f"`{path}` cannot be written: {error.strerror or error}") from error


def stays(path: Path, root: Path) -> None:
    """Raises UsageError for a path within the workspace, or repository, at `root` that a link leads out of it.

    Somebody else may have put that link there. A path that is outside to begin with is whoever gave it to answer for.
    """
    path = Path(os.path.abspath(path))
    inside = any(real(each) == root for each in path.parents)
    if inside and not real(path).is_relative_to(root):
        raise UsageError(f"`{path}` leads out of the workspace by a link; nothing is written there")


def real(path: Path) -> Path:
    """Where a path leads, links followed; also one that leads round in a circle, which `resolve` takes for a fault."""
    return Path(os.path.realpath(path))


def put(path: Path, data: bytes, *, over: bool) -> None:
    """Write one file, as `put_all` does."""
    put_all({path: data}, over=over)


def put_all(files: Mapping[Path, bytes], *, over: bool) -> None:
    """Write files of one folder, each whole or not at all, and none before all of them lie on the disk.

    A file that is there is replaced and keeps its permissions, or without `over` stands in the way of all. Raises
    OSError.
    """
    targets = list(files)
    with staged(targets[0].parent, list(files.values())) as ready, ExitStack() as undo:
        for source, path in zip(ready, targets, strict=True):
            if over:
                replace(source, path)
            else:
                undo.enter_context(placed(source, path))


@contextmanager
def stage(folder: Path) -> Iterator[Path]:
    """A hidden folder in `folder` for what is not whole yet. It goes at the end, and with it older ones of nobody."""
    hidden, lock = _own(folder)
    try:
        _clear(folder)
        yield hidden
    finally:
        shutil.rmtree(hidden, ignore_errors=True)
        if lock is not None:
            os.close(lock)


@contextmanager
def staged(folder: Path, contents: Sequence[bytes]) -> Iterator[list[Path]]:
    """Files with these contents, whole and on the disk, to be moved to their places in `folder`."""
    with stage(folder) as hidden:
        ready = [hidden / str(number) for number in range(len(contents))]
        for path, data in zip(ready, contents, strict=True):
            fill(path, data)
        yield ready


def fill(path: Path, data: bytes) -> None:
    """Write a new file. It lies on the disk when this returns: no power cut finds its name without its content."""
    handle = os.open(path, _NEW, 0o666)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(handle, rest) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def replace(source: Path, target: Path) -> None:
    """Move a file to its place, over one that is there. A link that is there goes; what it leads to stays as it is."""
    with suppress(OSError):  # none there, or no permissions here
        before = os.lstat(target).st_mode  # as the calls around it
        if stat.S_ISREG(before):
            os.chmod(source, before & 0o777)
    os.replace(source, target)


@contextmanager
def placed(source: Path, target: Path) -> Iterator[None]:
    """A file or folder moved, in one step, to where nothing may stand; it goes away again if the body fails."""
    if os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
    if source.is_dir():
        _rename(source, target)
    else:
        _link(source, target)
    try:
        yield
    except BaseException:
        with suppress(OSError):
            shutil.rmtree(target) if target.is_dir() else target.unlink()
        raise


def _rename(source: Path, target: Path) -> None:
    """A folder to its place, and never over one that holds something."""
    try:
        os.rename(source, target)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.ENOTDIR):  # another run was faster
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from error
        raise


def _link(source: Path, target: Path) -> None:
    """The file `source` also as `target`, and never over another."""
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links: whole all the same, and a moment in which another run may be
        os.rename(source, target)


@contextmanager
def made(folder: Path) -> Iterator[None]:
    """The folder, made with those above it if need be; what was made goes away again if the body fails."""
    new = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except FileExistsError:
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)) from None
        yield
    except BaseException:
        for each in new:
            with suppress(OSError):  # never made, not empty, or in use by another run, which it may be empty for
                if each == folder and sys.platform != "win32":
                    os.close(_hold(folder))
                each.rmdir()
        raise


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """No other run writes into `folder` meanwhile, which would mix their files. Raises UsageError if one does."""
    lock = None
    try:
        lock = _hold(folder)
    except BlockingIOError:
        raise UsageError(f"another run is writing into `{folder}`; try again when it is done") from None
    except OSError:  # no such locks here; each file is whole all the same
        pass
    try:
        yield
    finally:
        if lock is not None:
            os.close(lock)


def is_cut_short(folder: Path) -> bool:
    """Whether a run that wrote into `folder` ended before its time."""
    return any(name.startswith(HALF) for name in os.listdir(folder))


def _own(folder: Path) -> tuple[Path, int | None]:
    """A new hidden folder, and the handle that holds its lock, if there are locks here."""
    while True:
        hidden = folder / f"{HALF}{secrets.token_hex(8)}"
        os.mkdir(hidden, 0o700)
        try:
            lock = _hold(hidden, link=False)
        except (BlockingIOError, FileNotFoundError):  # another run has just taken it for a leftover
            continue
        except OSError:
            return hidden, None
        if os.path.lexists(hidden):
            return hidden, lock
        os.close(lock)


def _hold(folder: Path, *, link: bool = True) -> int:
    """Lock a folder, until the handle is closed or the process ends. Raises BlockingIOError if another run has it."""
    if sys.platform != "win32":
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | (0 if link else os.O_NOFOLLOW))
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BaseException:
            os.close(handle)
            raise
        return handle
    raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))


def _clear(folder: Path) -> None:
    """Take away what runs that were cut short have left. What is in use is locked."""
    with suppress(OSError):
        for name in os.listdir(folder):
            if name.startswith(HALF):
                with suppress(OSError):
                    lock = _hold(folder / name, link=False)
                    try:
                        shutil.rmtree(folder / name, ignore_errors=True)
                    finally:
                        os.close(lock)
