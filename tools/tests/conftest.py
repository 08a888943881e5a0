"""Workspaces for tests: the template that `init` writes, alone or with files laid over it; the parsers; and reports."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from policy_preview import look, reader
from policy_preview.__main__ import run as main
from policy_preview.page.book import Book, book
from policy_preview.page.site import whole
from policy_preview.workspace import Workspace, load

sys.path.insert(0, str(Path(__file__).parent))
from two_parsers import PARSERS  # beside this file

# Whose assertions, too, are to show what they compare.
ASSERTING = ("configured", "forms", "real_git", "rendered", "spec_page", "trials")
pytest.register_assert_rewrite(*ASSERTING)

if TYPE_CHECKING:
    from chromium import Open, Tab  # beside this file
    from playwright.sync_api import Browser

REPO = Path(__file__).resolve().parents[2]
TEMPLATE = REPO / "tools" / "policy_preview" / "template"


@pytest.fixture(autouse=True)
def _no_wishes(monkeypatch: pytest.MonkeyPatch) -> None:
    """No colour, progress, annotations or summary that the environment of who runs the tests asks for or refuses."""
    names = ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "CI", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY")
    for name in (*names, "GITHUB_WORKSPACE", "CI_PROJECT_DIR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def _no_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test finds what another kept, or touches what whoever runs the tests has at home."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    for name in ("XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the template, which is clean, as the current directory."""
    root = tmp_path / "workspace"
    shutil.copytree(TEMPLATE, root)
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def root(workspace: Path) -> Path:
    """The workspace as a repository of its own, whatever lies around the folder of the tests."""
    (workspace / ".git").mkdir()
    return workspace


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's git configuration, and no variable of a hook or a CI run."""
    for name in [name for name in os.environ if name.startswith(("GIT_", "GITHUB_", "CI_"))]:
        monkeypatch.delenv(name)
    who = {f"GIT_{role}_{what}": "a@b.example" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    for name, value in {**who, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """A command, as its words with blanks between them, then an argument each: exit code, output, standard error."""

    def go(command: str, *more: str) -> tuple[int, str, str]:
        code = main([*command.split(), *more])
        return code, *capsys.readouterr()

    return go


@pytest.fixture(params=PARSERS, ids=["C", "Python"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader with each of the two, in C and in Python."""
    monkeypatch.setattr(reader, "_LOADER", request.param)


# --- reports: each is built once, and read by many tests -------------------------------------------------------------


@pytest.fixture(scope="session")
def repository() -> Workspace:
    return load(REPO)


@pytest.fixture(scope="session")
def everything(repository: Workspace) -> Book:
    return book(repository, list(repository.policies.values()))


@pytest.fixture(scope="session")
def large(everything: Book, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of this repository."""
    return _written(everything, tmp_path_factory)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the template."""
    workspace = load(TEMPLATE)
    return _written(book(workspace, list(workspace.policies.values())), tmp_path_factory)


def _written(of: Book, factory: pytest.TempPathFactory) -> Path:
    ((name, text),) = whole(of).items()
    path = factory.mktemp("report") / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Gone after each module: while it runs, no other test could run a loop of its own."""
    from chromium import started  # half a second, for the tests that need it

    with started() as found:
        yield found


@pytest.fixture
def tab(browser: Browser) -> Iterator[Open]:
    """Opens pages, at a part of them and with options of a context; at the end all must have been quiet."""
    from chromium import Tab

    tabs = list[Tab]()

    def go(file: Path, part: str = "", **options: object) -> Tab:
        tabs.append(Tab(browser, file, part, **options))
        return tabs[-1]

    yield go
    for each in tabs:
        each.close()


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files of cases that were looked at, and `spec/` for all under it."""
    names = list[str]()
    real_look, real_spec = look.look, look.spec

    def one(spec: look.Workspace, source: look.Source, taken: frozenset[str] = frozenset()) -> look.Looked:
        names.append(source.name)
        return real_look(spec, source, taken)

    def ground(root: Path) -> look.Workspace:
        names.append("spec/")
        return real_spec(root)

    monkeypatch.setattr(look, "look", one)
    monkeypatch.setattr(look, "spec", ground)
    return names
