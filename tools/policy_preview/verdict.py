"""The command `validate`: from its options to what is to be printed. Prints nothing itself."""

from __future__ import annotations

import argparse
import os
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from . import ci, editor, stream
from .cache import Cache
from .core import UsageError
from .looked import named
from .report.findings import relaxed
from .report.formats import rendered
from .tree import CONFIGURATIONS, Source, display, sources

if TYPE_CHECKING:
    from .settings import Settings


@dataclass(frozen=True, slots=True)
class Verdict:
    """What goes to standard output, if anything; notes for standard error, the exit code.

    `commands`: whether a runner reads it.
    """

    text: str
    notes: tuple[str, ...]
    code: int
    commands: bool


def verdict(options: argparse.Namespace, root: Path) -> Verdict:
    """Check the workspace at `root`; in a job of GitHub also write the summary of the step.

    Raises UsageError for a configuration that is wrong, and where there is nothing to check.
    """
    files = sources(root)
    _check_paths(options.paths, root, files)
    cache = Cache() if options.no_cache else Cache.of(root)
    report = stream.check(root, options.paths, options.jobs, _settings(options, root, files), files, cache)
    if not report.files:
        raise UsageError(f"nothing to check: no YAML file of a workspace under `{root}`")
    notes = []
    if editor.is_outdated(root):
        renew = f"policy-preview init --schemas {shlex.quote(display(root))}"
        notes.append(f"{editor.HOME.as_posix()} is not as this version has it, and an editor goes by it: {renew}")
    form = options.format or ("github" if ci.is_github(os.environ) else "text")
    checkout = ci.checkout(root, os.environ)
    if form == "github":
        from .report.github import summary

        notes.append(ci.add_summary(os.environ, lambda room: summary(report, checkout, room)))
    if form in ("sarif", "junit", "gitlab"):  # which have no place for it that anybody would look at
        notes += relaxed(report)
    text = rendered(form, report, checkout, options.strict)
    if options.out is not None:
        _write(options.out, text, checkout.top)
        text = ""
    return Verdict(text, tuple(filter(None, notes)), int(report.fails(options.strict)), form == "github")


def _check_paths(paths: Sequence[Path], root: Path, files: Sequence[Source]) -> None:
    """Raises UsageError for a path where no file of the workspace lies: it would be passed over in silence."""
    lying = {way for each in files for way in (each.path, *each.path.parents)}
    for path in paths:
        if lying.isdisjoint(named([path])):
            here = display(root)
            raise UsageError(f"nothing to check: no YAML file of the workspace `{here}` lies at or under `{path}`")


def _write(path: Path, text: str, top: PurePath) -> None:
    """Raises UsageError, also where a link within the repository leads out of it."""
    from .export.files import write
    from .report.ink import plain
    from .writing import made, real, stays, told

    stays(path, real(Path(top)))
    with told(path), made(path.parent):
        write(path, plain(text).encode("utf-8", "backslashreplace"), force=True)


def _settings(options: argparse.Namespace, root: Path, files: Sequence[Source]) -> Settings | None:
    if options.no_config or not (options.config or any(os.path.lexists(root / name) for name in CONFIGURATIONS)):
        return None
    from . import config

    return config.read(root, files, options.config)
