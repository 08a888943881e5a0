"""The CI job that the tool may run in: what its environment says of it, and the summary that a step can have."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

from .core import Place

# Of a larger file the runner takes nothing: "upload aborted, supports content up to a size of 1024k".
SUMMARY_LIMIT = 1024 * 1024
_TOPS = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")  # where GitHub and GitLab put the repository

Environment = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Checkout:
    """What a file is called in the repository: reports for a forge name it from the root, wherever the tool runs."""

    top: PurePath
    here: PurePath

    def name(self, file: str) -> str:
        """A file, as a finding names it, from the root of the repository; one that lies outside by its whole path."""
        path = self.here / file
        return (path.relative_to(self.top) if path.is_relative_to(self.top) else path).as_posix()

    def place(self, place: Place) -> Place:
        """A place whose file is named so."""
        return Place(self.name(place.file), place.line, place.column, place.length)


def checkout(root: Path, environment: Environment) -> Checkout:
    """The repository that the workspace at `root` lies in: the nearest folder with `.git`, since a job may check out
    elsewhere than it says; without one, what the job says; or the workspace alone.
    """
    homes = (root, *root.parents)
    said = [Path(environment[name]).resolve() for name in _TOPS if environment.get(name)]
    top = next((home for home in homes if (home / ".git").exists()), None)
    top = top or next((home for home in said if home in homes), root)
    try:
        return Checkout(top, Path.cwd())
    except OSError:  # a current directory that is gone: then every file is named by its whole path
        return Checkout(top, top)


def is_github(environment: Environment) -> bool:
    """Whether this is a job of GitHub Actions."""
    return environment.get("GITHUB_ACTIONS") == "true"


def add_summary(environment: Environment, summary: Callable[[int], str]) -> str:
    """Append to the summary of this step what `summary` makes of the room that is left; nothing where there is none.

    Gives what went wrong, in words, and no error: a summary changes no verdict.
    """
    name = environment.get("GITHUB_STEP_SUMMARY")
    if not (name and is_github(environment)):
        return ""
    try:
        # Without waiting: a pipe that nobody reads must not hang the run.
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(name, flags, 0o666), "ab") as file:
            text = summary(SUMMARY_LIMIT - file.tell())  # other commands of the step may have written to it
            file.write(text.encode("utf-8", "replace"))
    except OSError as error:
        return f"the summary of the step cannot be written: {error.strerror}"
    return "" if text else "the summary of the step has no room left for the findings"
