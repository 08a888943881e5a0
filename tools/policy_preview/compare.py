"""Which two states a diff holds against each other: policies, files, revisions, the working tree."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from . import cite, diff, revisions
from .core import UsageError
from .diff import Diff
from .select import policy_or_file
from .workspace import Workspace, load


def compare(workspace: Workspace, sides: list[str]) -> Diff:
    """The diff that the words of a command line ask for: nothing, REVISION, A..B, or OLD NEW. Raises UsageError."""
    if len(sides) > 2:
        raise UsageError("diff compares two: OLD NEW, A..B, or one revision with the working tree")
    if len(sides) == 2:
        old, new = (policy_or_file(workspace, side) for side in sides)
        cases = workspace.used
        if not cases:
            raise UsageError("no case is left to compare by")
        found = diff.policies(old, new, cases)
        whole = Diff(sides[0], sides[1], (found,), left_out=tuple(workspace.left_out))
        return cite.cited(whole, workspace, [new])
    root = workspace.root
    if sides and sides[0] in workspace.policies:
        raise UsageError(f"diff of a policy needs two: which one is `{sides[0]}` held against?")
    if sides and ".." in sides[0]:
        first, _, second = sides[0].partition("..")
        if second.startswith("."):
            raise UsageError("write A..B, with two full stops")
        ends = [(name or "HEAD", revisions.commit(root, name or "HEAD")) for name in (first, second)]
        with _state(root, ends[0][1]) as old_state, _state(root, ends[1][1]) as new_state:
            return _states(old_state, new_state, *(f"{name}, {commit[:9]}" for name, commit in ends))
    if sides:
        commit = revisions.commit(root, sides[0])
        name = f"{sides[0]}, {commit[:9]}"
    else:
        commit, name = revisions.base(root)
    with _state(root, commit) as old_state:
        return _states(old_state, workspace, name, "the working tree")


@contextmanager
def _state(root: Path, commit: str) -> Iterator[Workspace]:
    with revisions.tree(root, commit) as folder:
        yield load(folder, show_below=folder)


def _states(old: Workspace, new: Workspace, old_name: str, new_name: str) -> Diff:
    left_out = [f"{name} ({side})" for side, one in ((old_name, old), (new_name, new)) for name in one.left_out]
    if not left_out and not (new.policies and new.cases):
        raise UsageError(f"there is no {'case' if new.policies else 'policy'} to compare")
    found = replace(diff.workspaces(old, new, (old_name, new_name)), left_out=tuple(left_out))
    return cite.cited(found, new, new.policies.values())
