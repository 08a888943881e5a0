"""What looking at files comes to, as data: of one file, of all under spec/, of the whole. Takes little to import."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .core import Place
from .findings import RULES, Finding


@dataclass(frozen=True, slots=True)
class Head:
    """What one file gives: (kind, id) of all that it defines, and a digest of the text of each of its cases in use."""

    file: str
    ids: tuple[tuple[str, str], ...]
    texts: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """Lines of a file that an `allow` speaks for: those of a case, or a whole policy (warnings only)."""

    first: int
    last: int
    allows: tuple[tuple[str, Place], ...]
    errors: bool

    def holds(self, finding: Finding) -> list[Place]:
        """Where the `allow` stand that silence a finding."""
        inside = self.first <= finding.place.line < self.last and not self.refusal(finding.code)
        return [place for code, place in self.allows if inside and code == finding.code]

    def refusal(self, code: str) -> str:
        """Why no `allow` here can silence a code; empty where one can."""
        if code not in RULES:
            return "is no rule"
        if RULES[code].firm:
            return "cannot be silenced"
        if not self.errors and RULES[code].severity == "error":
            return "is an error, and a policy can allow warnings alone"
        return ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file, and the last id that is given at or above it."""

    text: str
    under: str


MOST_ALIKE = 100  # findings of one code in one file
Lines = dict[tuple[str, int], Line]
Counts = tuple[tuple[str, int], ...]  # by code, in order


@dataclass(frozen=True, slots=True)
class Looked:
    """What one file of cases comes to. `digest`: of the bytes that were looked at; empty where it could not be read."""

    digest: str
    head: Head
    valid: bool
    cases: int
    findings: tuple[Finding, ...] = ()
    scopes: tuple[Scope, ...] = ()
    lines: Lines = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ground:
    """What all that lies under spec/ comes to. `counts`: by file the policies and facts in it; `broken`: not valid."""

    digest: str
    counts: Mapping[str, tuple[int, int]]
    broken: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    scopes: Mapping[str, Sequence[Scope]] = field(default_factory=dict)
    lines: Lines = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Relaxed:
    """What a configuration took from a report: how many findings it silenced, and errors it made warnings, by code."""

    file: str
    silenced: Counts = ()
    lowered: Counts = ()


@dataclass(frozen=True, slots=True)
class Settled:
    """What is told, in order; how many findings an `allow` silenced, and what a configuration took from the rest.

    `unshown`: how many more of one code there were in one file than tell anybody anything.
    """

    findings: tuple[Finding, ...] = ()
    unshown: Counts = ()
    allowed: Counts = ()
    relaxed: Relaxed | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The findings, sorted, and how much was looked at: the `names` of the files, and counts. `lines`: those that
    findings stand on, by file and number.

    `unshown`: how many more there were of one code in one file than are told. `allowed`: how many findings an `allow`
    silenced. `relaxed`: what a configuration took from the rest; None where there is no configuration.
    """

    findings: tuple[Finding, ...]
    names: tuple[str, ...]
    policies: int
    cases: int
    facts: int
    left_out: int
    lines: Mapping[tuple[str, int], Line]
    unshown: Counts = ()
    allowed: Counts = ()
    relaxed: Relaxed | None = None

    @property
    def errors(self) -> int:
        return sum(finding.severity == "error" for finding in self.findings)

    @property
    def warnings(self) -> int:
        return len(self.findings) - self.errors

    @property
    def files(self) -> int:
        return len(self.names)

    def fails(self, strict: bool) -> bool:
        """Whether there is an error; `strict`: or a warning."""
        return bool(self.findings if strict else self.errors)

    def line(self, place: Place) -> str:
        """The line of a file that a finding stands on; empty where the file has none, or could not be read."""
        return self.lines[place.file, place.line].text if (place.file, place.line) in self.lines else ""


def named(only: Sequence[Path]) -> frozenset[Path]:
    """Files and folders as they are compared: where they lead, and as they are named too, for a link that leads
    elsewhere has a finding where it stands.
    """
    return frozenset(Path(way(each)) for each in only for way in (os.path.realpath, os.path.abspath))


def within(path: Path, only: frozenset[Path]) -> bool:
    """Whether a file is one of these, or in one of these folders; where none is named, it is."""
    return not only or path in only or not only.isdisjoint(path.parents)
