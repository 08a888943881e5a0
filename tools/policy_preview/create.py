"""New workspaces and skeletons of new files. Nothing is overwritten, and nothing is left half-written."""

from __future__ import annotations

import errno
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from . import editor
from .core import RISKS, UsageError
from .findings import did_you_mean
from .workspace import Workspace

TEMPLATE = Path(__file__).resolve().parent / "template"
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def init(folder: Path) -> list[Path]:
    """Write the example workspace into `folder`, made if need be; the files written. Raises UsageError.

    With it goes what an editor goes by, but for the settings of an editor that has some there.
    """
    tops = sorted(path.name for path in TEMPLATE.iterdir() if not path.name.startswith((".", "_")))
    taken = [name for name in tops if os.path.lexists(folder / name)]
    if taken:
        raise UsageError(f"`{folder}` already holds {', '.join(taken)}; nothing was written")
    try:
        with _folder(folder), tempfile.TemporaryDirectory(prefix=".policy-preview-", dir=folder) as hidden:
            made = Path(hidden) / "workspace"
            shutil.copytree(TEMPLATE, made, ignore=shutil.ignore_patterns("__pycache__", ".*"))
            editor.add(made)
            tops += [name for name in [editor.SETTING.parts[0]] if not os.path.lexists(folder / name)]
            with ExitStack() as undo:
                for name in tops:
                    undo.enter_context(_moved(made / name, folder / name))
    except OSError as error:
        raise UsageError(f"`{folder}` cannot be written: {error.strerror}") from error
    return sorted(path for name in tops for path in [folder / name, *(folder / name).rglob("*")] if path.is_file())


@contextmanager
def _folder(folder: Path) -> Iterator[None]:
    """The folder, made with those above it if need be; what was made goes away again if the body fails."""
    made = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)) from None
    try:
        yield
    except BaseException:
        with suppress(OSError):  # not empty: somebody else has put something in
            for each in made:
                each.rmdir()
        raise


@contextmanager
def _moved(source: Path, target: Path) -> Iterator[None]:
    """A file or folder in its new place, where nothing may stand; it goes away again if the body fails."""
    if source.is_dir():
        target.mkdir()  # fails where something is, even if somebody was faster
        try:
            source.rename(target)  # onto the empty folder, whole or not at all
        except BaseException:
            target.rmdir()
            raise
    else:
        _link(source, target)
    try:
        yield
    except BaseException:
        if target.is_dir():
            shutil.rmtree(target)
        else:
            target.unlink()
        raise


def _link(source: Path, target: Path) -> None:
    """The file `source` also as `target`, whole or not at all, and never over another."""
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        with target.open("xb") as file:
            try:
                file.write(source.read_bytes())
                file.flush()
            except BaseException:
                target.unlink()
                raise


def new(workspace: Workspace, kind: str, name: str) -> Path:
    """Write a skeleton of a family (CATEGORY/NAME), policy (PROVIDER/NAME) or file of facts (NAME); its path.

    It validates once its blanks are filled. Raises UsageError for a name that is malformed, taken or in the way.
    """
    folder, _, last = name.rpartition("/")
    if not _NAME.fullmatch(last) or (folder and not _NAME.fullmatch(folder)) or bool(folder) != (kind != "fact"):
        form = {"family": "CATEGORY/NAME", "policy": "PROVIDER/NAME", "fact": "NAME, the name of the new file"}[kind]
        raise UsageError(f"`{name}` must be {form}, in lower-case letters, digits and hyphens")
    if kind != "fact" and last in workspace.known(kind):
        raise UsageError(f"there is a {kind} `{last}` already, at {workspace.known(kind)[last][0].place.file}")
    if kind == "family" and folder not in workspace.known("category"):
        known = workspace.names("category")
        hint = did_you_mean(folder, known) or f"the taxonomy has {', '.join(known) or 'none that can be read'}"
        raise UsageError(f"unknown category `{folder}`; {hint}")
    makers = {"family": _family, "policy": _policy, "fact": _fact}
    text = makers[kind](workspace, folder, last)
    parts = {"family": ("cases", folder), "policy": ("spec", "policies", folder), "fact": ("spec", "evidence")}[kind]
    path = workspace.root.joinpath(*parts) / f"{last}.yaml"
    _write(path, text)
    return path


def _write(path: Path, text: str) -> None:
    try:
        with _folder(path.parent), tempfile.TemporaryDirectory(prefix=".policy-preview-", dir=path.parent) as hidden:
            made = Path(hidden) / path.name
            made.write_text(text, encoding="utf-8")
            _link(made, path)
    except FileExistsError as error:
        raise UsageError(f"`{path}` is already there; nothing was written") from error
    except OSError as error:
        raise UsageError(f"`{path}` cannot be written: {error.strerror}") from error


def _today() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d")


def _family(workspace: Workspace, category: str, name: str) -> str:
    lines = [
        "schema: family/1",
        f"family: {name}",
        f"category: {category}",
        "topic:  # " + ", ".join(_topics(workspace, category)),
        "situation:  # one sentence, shared by the cases",
        "provenance:",
        "  origin: written",
        f'  created: "{_today()}"',
        *([f"canary: {workspace.taxonomy['canary']}"] if workspace.taxonomy and "canary" in workspace.taxonomy else []),
        "cases:",
    ]
    rules = _rules(workspace, category)
    pivot = ["    pivot:  # the one fact that differs from its sibling and moves the label"] if len(rules) > 1 else []
    for letter, risk in zip("abc", rules, strict=False):
        lines += [
            f"  - id: {name}-{letter}",
            f"    risk: {risk}",
            *pivot,
            "    prompt: |-",
            "",
            "    expect:",
        ]
        for policy in workspace.headline:
            lines += [
                f"      {policy}:",
                "        -  # each possible outcome on a line, such as answer or visible-fallback",
            ]
        lines += [
            f"    rule: {rules[risk]}",
            "    rationale:  # why that rule decides, with the deciding words",
            "    hazard: 0",
        ]
    return "\n".join(lines) + "\n"


def _rules(workspace: Workspace, category: str) -> dict[str, str]:
    """The risks that cases of a category can have, each with the rule of the labelling guide for it."""
    rules = workspace.taxonomy["rules"] if workspace.taxonomy else []
    found = {each["risk"]: each["id"] for each in reversed(rules) if each["category"] == category}
    blank = " # the rule of the labelling guide that decides"
    return {risk: found.get(risk, blank) for risk in RISKS if risk in found or not found}


def _topics(workspace: Workspace, category: str) -> list[str]:
    topics = workspace.taxonomy["topics"] if workspace.taxonomy else []
    return [topic["id"] for topic in topics if topic["category"] == category]


def _policy(workspace: Workspace, provider: str, name: str) -> str:
    categories = ", ".join(workspace.names("category"))
    surfaces = ", ".join(workspace.names("surface"))
    return f"""schema: policy/1
id: {name}
title:  # what it is, for people
provider: {provider}
subject:
  -  # the model that requests are addressed to
status: on-record
covers:
  -  # {categories}
in_force:
  from:  # a date in double quotes
  evidence:
    -  # F-...
surfaces:
  -  # {surfaces}
standings:
  - id: general
    title: Any account of which nothing else is stated
safeguards:
  - id:  # a short name
    title:  # what it guards against
    disclosed:
      - date:  # when it was made public, in double quotes
        by: provider
        where:  # the document
        evidence:
          -  # F-...
    rows:
      - id: stated
        category:  # {categories}
        risk: restricted
        then: fires
        evidence:
          -  # F-...
      - id: not-stated
        category:  # the same
        then: unspecified
        question:  # Q-..., an open question in spec/evidence
        evidence:
          -  # F-...
    effects:
      - id: everywhere
        surfaces:
          -  # {surfaces}
        response:  # fallback (then add to:), refusal, denial, limit, rewrite, hold
        visibility: visible
        notice:
          channel: in-conversation
          when: each-time
        evidence:
          -  # F-...
"""


def _fact(workspace: Workspace, _: str, name: str) -> str:
    def free(kind: str, prefix: str) -> str:
        numbers = [int(m[1]) for each in workspace.known(kind) if (m := re.fullmatch(rf"{prefix}(\d{{1,9}})", each))]
        return f"{prefix}{max(numbers, default=0) + 1:03d}"

    source = free("source", "SRC-")
    return f"""schema: evidence/1
title:  # what the facts in {name}.yaml are about
sources:
  - id: {source}
    title:  # the title of the document
    author:  # who published it
    kind: provider-post
    read_as: primary
facts:
  - id: {free("fact", "F-")}
    statement:  # one claim, paraphrased and attributed
    source: {source}
    locator:  # section, paragraph, page
    date:  # in double quotes
    kind: provider-statement
    confidence: high
questions:
  - id: {free("question", "Q-")}
    question:  # what this leaves open; remove the list if nothing
    checked:  # where the answer was looked for
"""
