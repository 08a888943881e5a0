"""What a shell may complete: the ids of a workspace, picked out of the text of its files, since a key press waits.

The only place that knows argcomplete, which the extra `completion` brings. The shell asks by a variable in the
environment; without it nothing of this is imported.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

_MOST_BYTES = 1_000_000
# Where the names of a kind stand, and how. What is no plain name there is not offered.
_FILES = {
    "policy": ("spec/policies", r"^id: +([\w-]+) *$"),
    "provider": ("spec/policies", r"^provider: +([\w-]+) *$"),
    "category": ("cases", r"^category: +([\w-]+) *$"),
    "topic": ("cases", r"^topic: +([\w-]+) *$"),
    "case": ("cases", r"^(?:family|  - id): +([\w-]+) *$"),
    "question": ("spec", r"^ *- id: +(Q-[\w-]+) *$"),
    "id": ("spec cases", r"^ *(?:- +)?(?:id|family): +([\w-]+) *$"),
}
_KINDS = {
    "--policy": "policy", "OLD NEW | A..B | REVISION": "policy", "PROVIDER": "provider", "--category": "category",
    "--topic": "topic", "CASE|FAMILY": "case", "--only": "case", "KEY": "question", "CODE|ID": "id",
}  # fmt: skip


def offer(parser: argparse.ArgumentParser, commands: Iterable[argparse.ArgumentParser]) -> None:
    """Answer the shell and end; do nothing where argcomplete is not installed."""
    try:
        import argcomplete
    except ImportError:
        return
    for action in (action for command in commands for action in command._actions):
        kind = _KINDS.get(action.option_strings[0] if action.option_strings else str(action.metavar))
        if kind:
            action.completer = partial(_complete, kind)  # type: ignore[attr-defined]  # where argcomplete looks for it
    argcomplete.autocomplete(parser, always_complete_options=False)


def _complete(kind: str, prefix: str, parsed_args: argparse.Namespace, **_: Any) -> list[str]:
    return [name for name in names(kind, getattr(parsed_args, "root", None)) if name.startswith(prefix)]


def names(kind: str, root: Path | None = None) -> list[str]:
    """The names of a kind in the workspace, or none where there is no workspace."""
    here = Path.cwd()
    homes = [root] if root else [here, *here.parents]  # as workspace.find_root, whose imports take a tenth of a second
    home = next((home for home in homes if (home / "spec").is_dir() and (home / "cases").is_dir()), None)
    folders, pattern = _FILES[kind]
    found = re.compile(pattern, re.MULTILINE)
    inside = [home / folder for folder in folders.split()] if home else []
    texts = (text for folder in inside if not _leaves(folder, home) for text in _texts(folder))
    every = (name for text in texts for name in found.findall(text))
    return list(dict.fromkeys((*(_codes() if kind == "id" else ()), *every)))


def _codes() -> Iterable[str]:
    from . import validate  # noqa: F401  # registers the rules
    from .findings import RULES

    return RULES


def _leaves(folder: Path, home: Path | None) -> bool:
    """Whether a link leads this folder out of the workspace."""
    return home is not None and not folder.resolve().is_relative_to(home.resolve())


def _texts(folder: Path) -> Iterator[str]:
    paths = (path for path in folder.rglob("*.yaml") if path.is_file() and not path.is_symlink())
    for path in sorted(path for path in paths if "/." not in path.as_posix()[len(folder.as_posix()) :]):
        with suppress(OSError), path.open(encoding="utf-8", errors="replace") as file:
            yield file.read(_MOST_BYTES)
