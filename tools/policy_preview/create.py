"""New workspaces and skeletons of new files. Nothing is overwritten, and nothing is left half-written."""

from __future__ import annotations

import os
import re
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from . import editor
from .core import RISKS, UsageError
from .findings import did_you_mean
from .workspace import Workspace
from .writing import alone, fill, is_cut_short, made, placed, put, stage, stays, told

TEMPLATE = Path(__file__).resolve().parent / "template"
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def init(folder: Path) -> list[Path]:
    """Write the example workspace into `folder`, made if need be; the files written. Raises UsageError.

    With it goes what an editor goes by, but for the settings of an editor that has some there. What a run that was cut
    short put there already is no hindrance, as long as it is as it was put.
    """
    files = _template()
    with told(folder), made(folder), alone(folder):
        begun = is_cut_short(folder)
        there = [name for name in files if os.path.lexists(folder / name)]
        theirs = editor.SETTING.parts[0]
        taken = [name for name in there if name != theirs and not (begun and _files(folder / name) == files[name])]
        if taken:
            raise UsageError(f"`{folder}` already holds {', '.join(taken)}; nothing was written")
        with stage(folder) as hidden, ExitStack() as undo:
            for name in files.keys() - set(there):
                for path, data in files[name].items():
                    target = hidden / name / path
                    target.parent.mkdir(parents=True, exist_ok=True)
                    fill(target, data)
            for name in sorted(files.keys() - set(there)):
                undo.enter_context(placed(hidden / name, folder / name))
    return sorted(folder / name / path for name in files if theirs != name or name not in there for path in files[name])


def _template() -> dict[str, dict[Path, bytes]]:
    """What a new workspace holds, by what stands at its top, and the paths below that."""
    tops = sorted(path.name for path in TEMPLATE.iterdir() if not path.name.startswith((".", "_")))
    files = {name: _files(TEMPLATE / name) for name in tops}
    for path, data in editor.files().items():
        files.setdefault(path.parts[0], {})[Path(*path.parts[1:])] = data
    return files


def _files(top: Path) -> dict[Path, bytes]:
    """What the files in a folder hold, by their paths from there; of a file that it is one, under its own place."""
    every = [path for path in (top, *top.rglob("*")) if path.is_file() and not path.is_symlink()]
    shown = {path: path.relative_to(top) for path in every}
    return {
        name: path.read_bytes()
        for path, name in shown.items()
        if not any(part.startswith(".") or part == "__pycache__" for part in name.parts)
    }


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
    stays(path, workspace.root)
    _write(path, text)
    return path


def _write(path: Path, text: str) -> None:
    with told(path), made(path.parent):
        try:
            put(path, text.encode(), over=False)
        except FileExistsError as error:
            raise UsageError(f"`{path}` is already there; nothing was written") from error


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
