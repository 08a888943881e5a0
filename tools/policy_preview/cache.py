"""What was found before, kept between runs by the content of each file; believed only if a run of this user wrote it.

One file for each workspace, current directory and version of the tool, below the user's cache directory. Its last line
is a keyed hash of all above, with a key that lies elsewhere and that nobody else can read: what was damaged, forged, or
carried over from another machine is as good as none. So is what another version, of Python or of a library too, found.
"""

from __future__ import annotations

import hmac
import os
import stat
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path

from .core import UsageError
from .kinds import directory
from .looked import Ground, Looked
from .regular import READING
from .remembered import Remembered
from .writing import put

_LIBRARIES = ("yaml", "jsonschema", "jsonschema_rs")
_ENDING = ".cache"
_OLD = 30 * 86_400  # seconds after which nobody is thought to ask again
_NEW = "new-key-"
_KEY, _MAC = 32, 64  # bytes of the key; digits of the hash


class Cache:
    """What a workspace came to when it was last looked at: all under spec/, and each file of cases by its name."""

    def __init__(self, file: Path | None = None, key: bytes = b"", about: tuple[str, ...] = ()) -> None:
        self._file, self._key, self._about = file, key, about
        self.ground: Ground | None = None
        self.looked: Mapping[str, Looked] = {}

    @classmethod
    def of(cls, root: Path) -> Cache:
        """That of the workspace at `root`; an empty one that keeps nothing where none can be had. Never raises."""
        try:
            key = _key(_home("XDG_STATE_HOME", ".local/state") / "key")
            about = (str(root), str(Path.cwd()), _tool())
            folder = _home("XDG_CACHE_HOME", ".cache")
        except (OSError, RuntimeError):  # RuntimeError: nobody's home
            return cls()
        name = blake2b("\0".join(about).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
        found = cls(folder / f"{name}{_ENDING}", key, about)
        found._read()
        return found

    def keep(self, ground: Ground, looked: Mapping[str, Looked]) -> None:
        """Keep what a workspace came to, unless all of it is kept already. What cannot be kept is not."""
        same = len(looked) == len(self.looked) and all(self.looked.get(name) is each for name, each in looked.items())
        if self._file is None or not ground.digest:
            return
        if ground is self.ground and same:
            with suppress(OSError):  # so that it is not thought to be forgotten
                os.utime(self._file)
            return
        body = b"".join(Remembered(self._about, ground, looked).lines())
        with suppress(OSError, UsageError):
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            put(self._file, body + self._mac(body) + b"\n", over=True)
            for old in self._file.parent.glob(f"*{_ENDING}"):
                if time.time() - old.stat().st_mtime > _OLD:
                    old.unlink(missing_ok=True)

    def _read(self) -> None:
        try:
            whole = _mine(self._file) if self._file else b""
        except OSError:
            return
        body, mac = whole[: -_MAC - 1], whole[-_MAC - 1 : -1]
        if hmac.compare_digest(mac, self._mac(body)):
            found = Remembered.of(body, self._about)
            self.ground, self.looked = (found.ground, found.looked) if found else (None, {})

    def _mac(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, "sha256").hex().encode()


def combined(digests: Iterable[tuple[str, str]]) -> str:
    """One digest for files with those of each; empty where one of them could not be read."""
    pairs = sorted(digests)
    whole = "".join(f"{name}\0{digest}\0" for name, digest in pairs).encode("utf-8", "surrogatepass")
    return blake2b(whole, digest_size=16).hexdigest() if all(digest for _, digest in pairs) else ""


def _home(variable: str, usual: str) -> Path:
    """Our folder below one of the user's, as the XDG specification names them. Raises RuntimeError: nobody's home."""
    named = os.environ.get(variable, "")
    return (Path(named) if os.path.isabs(named) else Path.home() / usual) / "policy-preview"  # noqa: PTH117  # "" is a path to Path


def _key(path: Path) -> bytes:
    """This user's key, made when there is none. Raises OSError where it cannot be had, or is not the user's alone."""
    with suppress(FileNotFoundError):
        key = _mine(path, 0o077)
        if len(key) == _KEY:
            return key
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = os.urandom(_KEY)
    for old in path.parent.glob(f"{_NEW}*"):  # of a run that was killed
        old.unlink(missing_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=_NEW)  # readable by nobody else
    with os.fdopen(handle, "wb") as file:
        file.write(key)
    os.replace(name, path)  # noqa: PTH105  # of two runs at once, one finds that the other's key was taken
    return key


def _mine(path: Path, closed: int = 0) -> bytes:
    """What a regular file of this user holds: no link, and with none of the bits `closed`. Raises OSError for others.

    Opened without waiting: a pipe must not hang the run.
    """
    if sys.platform == "win32":  # which says whose a file is in another way
        raise PermissionError(f"nothing tells whose {path} is")
    with os.fdopen(os.open(path, READING | os.O_NOFOLLOW), "rb") as file:
        about = os.fstat(file.fileno())
        if not stat.S_ISREG(about.st_mode) or about.st_uid != os.geteuid() or about.st_mode & closed:
            raise PermissionError(f"{path} is not this user's alone")
        return file.read()


def _tool() -> str:
    """What a verdict hangs on besides the files: this tool as it is, Python, and the libraries."""
    found = blake2b(sys.version.encode(), digest_size=16)
    here = Path(__file__).parent
    for path in (*_files(here), *_files(directory())):
        found.update(path.encode("utf-8", "surrogatepass") + b"\0" + Path(path).read_bytes())
    for name in _LIBRARIES:
        origin = (found_spec := find_spec(name)) and found_spec.origin
        about = os.stat(origin) if origin else None  # noqa: PTH116  # a Path is not needed
        found.update(f"{origin} {about and (about.st_size, about.st_mtime_ns)}\0".encode("utf-8", "surrogatepass"))
    return found.hexdigest()


def _files(folder: Path) -> Iterator[str]:
    """Our code and schemas below a folder, in order."""
    for at, folders, names in os.walk(folder):
        folders.sort()
        yield from (os.path.join(at, name) for name in sorted(names) if name.endswith((".py", ".json")))  # noqa: PTH118  # quick
