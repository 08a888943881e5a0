"""What the validator says of a workspace, file by file: nothing of a file of cases is kept but what it comes to."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from .across import Across, Head, heads
from .crew import processors, spread
from .findings import RULES, Finding
from .settings import Settings
from .tree import Source, sources
from .validate import Report, Scope, facts, lines_of, scopes, settle, source_lines, within
from .workspace import Workspace, load, view

_A_JOB = 3_000_000  # bytes of cases
Lines = dict[tuple[str, int], str]


@dataclass(frozen=True, slots=True)
class Looked:
    """What one file of cases comes to."""

    head: Head
    valid: bool
    cases: int
    findings: tuple[Finding, ...] = ()
    scopes: tuple[Scope, ...] = ()
    lines: Lines = field(default_factory=dict)


def check(
    root: Path,
    only: Sequence[Path] = (),
    jobs: int = 1,
    settings: Settings | None = None,
    files: Sequence[Source] | None = None,
) -> Report:
    """Read and check a workspace. `only`: tell the findings of these files and folders alone.

    `jobs`: processes; 0: as many as the cases are worth and the machine has processors. `files`: all that lie in it.
    """
    with _no_collector():
        cases = [each for each in (sources(root) if files is None else files) if each.kind == "family"]
        return _Sweep(load(root, tops=("spec",)), cases, settings).run(only, jobs or _worth(cases))


def _worth(sources: Sequence[Source]) -> int:
    """How many processes pay for so many cases: less than this is checked in the time that one takes to start."""
    size = 0
    for source in sources:
        with suppress(OSError):
            size += source.path.stat().st_size if source.fault is None else 0
    return min(processors(), 1 + size // _A_JOB)


def look(spec: Workspace, source: Source, taken: frozenset[str] = frozenset()) -> Looked:
    """Read and check one file of cases. `taken`: ids of cases that an earlier file has given."""
    found = view(spec, source.path, source.fault, source.name, taken)
    findings = list(found.findings)
    for rule in RULES.values():
        if rule.stage in ("family", "both"):
            findings += rule.check(found)
    file, (head,) = found.files[0], heads(found)
    looked = Looked(
        head,
        file.valid,
        len(found.cases),
        tuple(findings),
        tuple(scopes(found).get(source.name, ())),
        lines_of(found.files, findings),
    )
    file.document.data = None  # parts the data from the document that finds its places, so that both can go
    return looked


class _Sweep:
    """One pass over all files."""

    def __init__(self, spec: Workspace, sources: list[Source], settings: Settings | None) -> None:
        self.settings = settings
        self.spec, self.sources = spec, {source.name: source for source in sources}
        self.taken: dict[str, frozenset[str]] = {}
        self.opened: dict[str, Workspace] = {file.document.file: spec for file in spec.files}
        self.across = Across(self._open)
        self.findings, self.scopes = list(spec.findings), scopes(spec)
        self.lines: Lines = {}
        self.cases: dict[str, int] = {}
        self.broken = set(spec.left_out)

    def run(self, only: Sequence[Path], jobs: int) -> Report:
        for head in heads(self.spec):
            self.across.add_ids(head)
        looked = spread(partial(look, self.spec), list(self.sources.values()), jobs, "reading and checking the files")
        for rule in RULES.values():  # meanwhile
            if rule.stage in ("spec", "both"):
                self.findings += rule.check(self.spec)
        for source, each in zip(self.sources.values(), looked, strict=True):
            self._take(source, each)
        held = [finding for rule in RULES.values() if rule.stage == "across" for finding in rule.check(self.across)]
        return self._report([*self.findings, *held], [path.resolve() for path in only])

    def _take(self, source: Source, looked: Looked) -> None:
        taken = self.across.add_ids(looked.head)
        if taken:
            self.taken[source.name] = frozenset(taken)
            looked = look(self.spec, source, self.taken[source.name])
        self.across.add_texts(looked.head)
        self.findings += looked.findings
        self.cases[source.name] = looked.cases
        self.lines |= looked.lines
        if looked.scopes:
            self.scopes[source.name] = looked.scopes
        if not looked.valid:
            self.broken.add(source.name)

    def _open(self, name: str) -> Workspace:
        if name not in self.opened:
            source = self.sources[name]
            self.opened[name] = view(self.spec, source.path, source.fault, name, self.taken.get(name, ()))
        return self.opened[name]

    def _report(self, findings: list[Finding], only: list[Path]) -> Report:
        paths = {file.document.file: file.path for file in self.spec.files}
        paths |= {name: source.path for name, source in self.sources.items()}
        names = {name for name, path in paths.items() if within(path, only)}
        found, took = settle(findings, self.scopes, self.settings, names if only else None)
        return Report(
            found,
            len(names),
            sum(file.kind == "policy" and file.document.file in names for file in self.spec.files),
            sum(count for name, count in self.cases.items() if name in names),
            facts(self.spec, names),
            len(names & self.broken),
            self._lines(found) | source_lines(self.settings, found),
            took,
        )

    def _lines(self, findings: Sequence[Finding]) -> Lines:
        """The lines of all findings: those of a file came with it, but for what was only found afterwards."""
        for finding in findings:
            name = finding.place.file
            if (name, finding.place.line) not in self.lines and (name in self.sources or name in self.opened):
                self.lines |= lines_of(self._open(name).files, findings)
        return self.lines


@contextmanager
def _no_collector() -> Iterator[None]:
    """Without the collector of circles, of which `look` leaves none: it would walk what is kept again and again."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
