"""Everything the validator has to say about a workspace, as data. Prints nothing."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from . import rules
from .build import Case
from .core import Place
from .findings import RULES, Finding, Map, rule
from .progress import steps
from .workspace import File, Workspace

_REGISTERED = rules  # importing the package is what registers its rules


@dataclass(frozen=True, slots=True)
class Report:
    """The findings, sorted, and how much was looked at. `sources`: the text of each file, for excerpts."""

    findings: tuple[Finding, ...]
    files: int
    policies: int
    cases: int
    facts: int
    left_out: int
    sources: dict[str, File]

    @property
    def errors(self) -> int:
        return sum(finding.severity == "error" for finding in self.findings)

    @property
    def warnings(self) -> int:
        return len(self.findings) - self.errors


@rule("PP330", severity="warning", stage="after")
def idle_allow(place: Place, code: str) -> Finding:
    """An `allow` of a case or policy that silences no finding. It may be left over, or name the wrong code."""
    return Finding(place, "PP330", f"this `allow` silences nothing: {code} is not found here", "remove it")


def run(workspace: Workspace, only: Sequence[Path] = ()) -> Report:
    """Run every rule. `only`: tell the findings of these files and folders alone (all is read all the same)."""
    findings = list(workspace.findings)
    for each in steps(list(RULES.values()), "checking the rules", lambda each: each.code):
        if each.stage == "workspace":
            findings += each.check(workspace)
    findings = list(_allowed(workspace, findings))
    # As they are named too: a link that leads elsewhere has a finding where it stands.
    inside = [Path(way(each)) for each in only for way in (os.path.realpath, os.path.abspath)]
    left_out = set(workspace.left_out)
    files = [file for file in workspace.files if _within(file.path, inside)]
    names = {file.document.file for file in files}
    found = {finding for finding in findings if not only or finding.place.file in names}
    return Report(
        tuple(sorted(found, key=lambda finding: finding.sort_key)),
        len(files),
        sum(file.kind == "policy" for file in files),
        sum(1 for case in workspace.cases.values() if case.place.file in names),
        sum(1 for entries in workspace.known("fact").values() if entries[0].place.file in names),
        len(names & left_out),
        {file.document.file: file for file in files},
    )


def _within(path: Path, only: list[Path]) -> bool:
    return not only or any(path == each or each in path.parents for each in only)


@dataclass(frozen=True, slots=True)
class _Scope:
    """Lines of a file that an `allow` speaks for: those of a case, or a whole policy (warnings only)."""

    first: int
    last: float
    data: Map
    errors: bool

    def holds(self, finding: Finding) -> list[Place]:
        """Where the `allow` stand that silence a finding."""
        inside = self.first <= finding.place.line < self.last and (self.errors or finding.severity == "warning")
        allows = self.data.get("allow", ()) if inside else ()
        return [self.data["allow"].at[n] for n, allow in enumerate(allows) if allow["code"] == finding.code]


def _allowed(workspace: Workspace, findings: list[Finding]) -> Iterator[Finding]:
    """The findings that no `allow` of the case or policy they stand in silences, and the `allow` that silence none."""
    scopes = _scopes(workspace)
    used: set[Place] = set()
    for finding in findings:
        here = scopes.get(finding.place.file, [])
        at = bisect_right(here, finding.place.line, key=lambda scope: scope.first) - 1
        held = here[at].holds(finding) if at >= 0 else []
        used |= set(held)
        if not held:
            yield finding
    for scope in (scope for each in scopes.values() for scope in each):
        for index, allow in enumerate(scope.data.get("allow", ())):
            if (place := scope.data["allow"].at[index]) not in used:
                yield idle_allow(place, allow["code"])


def _scopes(workspace: Workspace) -> dict[str, list[_Scope]]:
    """By file what an `allow` speaks for. A case goes from its first line to the one before the next case's."""
    cases: dict[str, list[Case]] = {}
    for case in workspace.cases.values():
        cases.setdefault(case.place.file, []).append(case)
    found = {
        file: [
            _Scope(case.data.place.line, after.data.place.line if after else float("inf"), case.data, True)
            for case, after in zip_longest(members, members[1:])
        ]
        for file, members in cases.items()
    }
    for file, data in workspace.of("policy"):
        found[file.document.file] = [_Scope(1, float("inf"), data, False)]
    return found
