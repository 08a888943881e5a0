"""What an editor goes by: copies of the schemas in a workspace, and the setting that binds them to its files.

The validator reads neither. It has the schemas of its own version, so that an old copy can mislead an editor alone.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from .core import UsageError
from .kinds import KINDS, directory
from .writing import put, told

HOME = Path("spec", "schema")
SETTING = Path(".vscode", "settings.json")
_FILES = {"policy": "spec/policies/**/*", "evidence": "spec/evidence/**/*", "taxonomy": "spec/taxonomy",
          "family": "cases/**/*"}  # fmt: skip


def schemas() -> dict[str, bytes]:
    """The schemas by the names of their files."""
    return {name: (directory() / name).read_bytes() for name in sorted(f"{kind}.schema.json" for kind in KINDS)}


def setting() -> str:
    """The setting, as a file of settings of VS Code: each schema with the files it is for, as `load` places them."""
    bound = {HOME / f"{kind}.schema.json": [f"{files}.yaml", f"{files}.yml"] for kind, files in _FILES.items()}
    lines = ",\n".join(f"    {json.dumps(path.as_posix())}: {json.dumps(files)}" for path, files in bound.items())
    return f'{{\n  "yaml.schemas": {{\n{lines}\n  }}\n}}\n'


def files() -> dict[Path, bytes]:
    """Both, by their paths in a workspace."""
    return {**{HOME / name: data for name, data in schemas().items()}, SETTING: setting().encode()}


def renew(root: Path) -> list[Path]:
    """Put both into a workspace that is there; the files written. Other schemas of these names are replaced, the
    settings of an editor never. Raises UsageError.
    """
    if not all((root / name).is_dir() for name in ("spec", "cases")):
        raise UsageError(f"`{root}` is no workspace: it does not hold both spec/ and cases/; nothing was written")
    keeps = os.path.lexists(root / SETTING.parent)
    written = {path: data for path, data in files().items() if path != SETTING or not keeps}
    for path, data in written.items():
        _folder(root, path.parent)
        with told(root / path):
            put(root / path, data, over=True)
    return [root / path for path in written]


def _folder(root: Path, below: Path) -> None:
    """A folder of the workspace, made if need be. Raises UsageError where a link would lead elsewhere."""
    for folder in (*reversed(below.parents[:-1]), below):
        if (root / folder).is_symlink():
            raise UsageError(f"`{root / folder}` is a link; put a folder there")
        try:
            (root / folder).mkdir(exist_ok=True)
        except OSError as error:
            raise UsageError(f"`{root / folder}` cannot be written: {error.strerror}") from error


def is_outdated(root: Path) -> bool:
    """Whether the workspace holds copies of the schemas, and they are not those of this version. Follows no link."""
    home, ours = root / HOME, schemas()
    return (
        not home.is_symlink()
        and any(os.path.lexists(home / name) for name in ours)
        and not all(_is_same(home / name, data) for name, data in ours.items())
    )


def _is_same(path: Path, data: bytes) -> bool:
    """Whether a file holds these lines, however they end. Opens nothing that could keep one waiting."""
    try:
        if path.is_symlink() or not path.is_file():
            return False
        with path.open("rb") as file:
            return file.read(2 * len(data)).replace(b"\r\n", b"\n") == data
    except OSError:
        return False
