"""Everything the validator has to say about a workspace that was read whole, as data. Prints nothing.

stream.py says the same file by file, which is what the command does; tests hold the two against each other.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path

from . import rules
from .across import Across, across
from .core import Place
from .findings import RULES, Finding, Map, rule
from .looked import MOST_ALIKE, Line, Lines, Report, Scope, Settled, named, within
from .settings import Settings, counted, relaxed
from .workspace import File, Workspace

_ID = re.compile(r"^[ \t-]*id:[ \t]*(\S+)", re.MULTILINE)
_REGISTERED = rules  # importing the package is what registers its rules


@rule("PP330", severity="warning", stage="after")
def idle_allow(place: Place, code: str, why: str = "") -> Finding:
    """An `allow` of a case or policy that silences no finding. It may be left over, or name the wrong code."""
    message = f"this `allow` silences nothing: {code} {why or 'is not found here'}"
    return Finding(place, "PP330", message, "remove it")


def run(workspace: Workspace, only: Sequence[Path] = (), settings: Settings | None = None) -> Report:
    """Run every rule. `only`: tell the findings of these files and folders alone (all is read all the same)."""
    findings = [*workspace.findings, *told_by("spec", "family", "both", of=workspace), *between(across(workspace))]
    left_out, inside = set(workspace.left_out), named(only)
    files = [file for file in workspace.files if within(file.path, inside)]
    names = {file.document.file for file in files}
    told = settle(findings, scopes(workspace), settings, names if only else None)
    return Report(
        told.findings,
        tuple(file.document.file for file in files),
        sum(file.kind == "policy" for file in files),
        sum(len(cases) for file, _, cases in workspace.sound() if file.document.file in names),
        facts(workspace, names),
        len(names & left_out),
        lines_of(workspace.files, told.findings) | source_lines(settings, told.findings),
        told.unshown,
        told.allowed,
        told.relaxed,
    )


def told_by(*stages: str, of: Workspace) -> Iterator[Finding]:
    """What the rules of these stages find in a workspace or a view of it."""
    return (finding for rule in RULES.values() if rule.stage in stages for finding in rule.check(of))


def between(held: Across) -> Iterator[Finding]:
    """What is found between files."""
    return (finding for rule in RULES.values() if rule.stage == "across" for finding in rule.check(held))


def settle(
    findings: list[Finding], scopes: Mapping[str, Sequence[Scope]], settings: Settings | None, names: set[str] | None
) -> Settled:
    """What is told of the files of these names (None: of all), each finding once.

    First what an `allow` silences is taken away, then what the configuration does.
    """
    left, held = allowed(scopes, findings)
    rest, silenced = settings.apply(left) if settings else (left, [])
    told, own, quiet = ({f for f in each if names is None or f.place.file in names} for each in (rest, held, silenced))
    shown, rest = _enough(sorted(told, key=lambda finding: finding.sort_key))
    return Settled(shown, counted(rest), counted(own), relaxed(settings, told, quiet) if settings else None)


def _enough(findings: Iterable[Finding]) -> tuple[tuple[Finding, ...], list[Finding]]:
    """As many of one code in one file as tell somebody something, and the rest."""
    seen, shown, rest = Counter[tuple[str, str]](), list[Finding](), list[Finding]()
    for finding in findings:
        seen[finding.place.file, finding.code] += 1
        (shown if seen[finding.place.file, finding.code] <= MOST_ALIKE else rest).append(finding)
    return tuple(shown), rest


def source_lines(settings: Settings | None, findings: Iterable[Finding]) -> Lines:
    """The lines of the configuration that findings stand on."""
    return lines_of([settings.source], findings) if settings else {}


def facts(workspace: Workspace, names: set[str]) -> int:
    """How many facts the files of these names give."""
    return sum(1 for entries in workspace.known("fact").values() if entries[0].file in names)


def lines_of(files: Iterable[File], findings: Iterable[Finding]) -> Lines:
    """The lines of these files that findings stand on."""
    wanted: dict[str, set[int]] = {}
    for finding in findings:
        wanted.setdefault(finding.place.file, set()).add(finding.place.line)
    found: Lines = {}
    for document in (file.document for file in files if file.document.file in wanted):
        ids, under, last = _ID.finditer(document.text), "", None
        for number, (start, text) in document.lines(wanted[document.file]).items():
            last = last or next(ids, None)
            while last and last.start() <= start:
                under, last = last[1], next(ids, None)
            found[document.file, number] = Line(text, under)
    return found


def allowed(scopes: Mapping[str, Sequence[Scope]], findings: Iterable[Finding]) -> tuple[list[Finding], list[Finding]]:
    """The findings that no `allow` of the case or policy they stand in silences, and those that one does.

    An `allow` that silences none is a finding itself.
    """
    used, told, silenced = set[Place](), list[Finding](), list[Finding]()
    for finding in findings:
        here = scopes.get(finding.place.file, ())
        at = bisect_right(here, finding.place.line, key=lambda scope: scope.first) - 1
        held = here[at].holds(finding) if at >= 0 else []
        used.update(held)
        (silenced if held else told).append(finding)
    for scope in (scope for each in scopes.values() for scope in each):
        told += [idle_allow(place, code, scope.refusal(code)) for code, place in scope.allows if place not in used]
    return told, silenced


def scopes(workspace: Workspace) -> dict[str, Sequence[Scope]]:
    """By file what an `allow` speaks for. A case goes from its first line to the one before the next case's."""
    found: dict[str, Sequence[Scope]] = {}
    for file, _, cases in workspace.sound():
        if any("allow" in case.data for case in cases):
            found[file.document.file] = [
                Scope(case.data.place.line, after.data.place.line if after else sys.maxsize, _allows(case.data), True)
                for case, after in zip_longest(cases, cases[1:])
            ]
    for file, data in workspace.of("policy"):
        if "allow" in data:
            found[file.document.file] = [Scope(1, sys.maxsize, _allows(data), False)]
    return found


def _allows(data: Map) -> tuple[tuple[str, Place], ...]:
    allow = data.get("allow", ())
    return tuple((item["code"], data["allow"].at[index]) for index, item in enumerate(allow))
