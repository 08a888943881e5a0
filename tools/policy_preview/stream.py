"""What the validator says of a workspace, file by file: nothing of a file of cases is kept but what it comes to."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from .across import Across
from .cache import Cache, combined
from .crew import processors, spread
from .findings import Finding
from .looked import Ground, Lines, Looked, Report, Scope, Settled, named, within
from .tree import Source, contents, digest, sources

if TYPE_CHECKING:  # what reads and judges is imported when there is something to read
    from .settings import Settings
    from .workspace import Workspace

_A_JOB = 3_000_000  # bytes of cases


def check(
    root: Path,
    only: Sequence[Path] = (),
    jobs: int = 1,
    settings: Settings | None = None,
    files: Sequence[Source] | None = None,
    cache: Cache | None = None,
) -> Report:
    """Read and check a workspace. `only`: tell the findings of these files and folders alone.

    `jobs`: processes; 0: as many as the cases are worth and the machine has processors. `files`: all that lie in it.
    `cache`: where to look for what was found before, and to keep what is found now.
    """
    with _no_collector():
        every = sources(root) if files is None else files
        return _Sweep(root, every, settings, cache or Cache()).run(named(only), jobs)


class _Sweep:
    """One pass over all files."""

    def __init__(self, root: Path, files: Sequence[Source], settings: Settings | None, cache: Cache) -> None:
        self.root, self.settings, self.cache = root, settings, cache
        self.files = {each.name: each for each in files}
        self.cases = [each for each in files if each.kind == "family"]
        self.taken: dict[str, frozenset[str]] = {}
        self.opened: dict[str, Workspace] = {}
        self.across = Across(self._open)

    @cached_property
    def spec(self) -> Workspace:
        """All under spec/, read when a file has to be held against it."""
        from .look import spec

        return spec(self.root)

    def run(self, only: frozenset[Path], jobs: int) -> Report:
        base = self._base()
        kept = {each.name: self._kept(each) for each in self.cases} if base else {}
        unknown = [each for each in self.cases if kept.get(each.name) is None]
        found: dict[str, Looked] = {}
        with self._look(unknown, jobs) as fresh:
            ground = base or self._ground()
            for source in self.cases:
                looked = kept.get(source.name) or next(fresh)
                found[source.name] = self._settled(source, looked)
                kept[source.name] = looked
        if self._stood_still(ground):
            self.cache.keep(ground, {name: looked for name, looked in kept.items() if looked})
        return self._report(ground, found, only)

    def _base(self) -> Ground | None:
        """What the files under spec/ came to before, if they are as they were."""
        if self.cache.ground is None:
            return None
        known = combined((each.name, _digest(each)) for each in self.files.values() if each.kind != "family")
        return self.cache.ground if known and known == self.cache.ground.digest else None

    def _kept(self, source: Source) -> Looked | None:
        """What a file of cases came to before, if it is as it was."""
        looked = self.cache.looked.get(source.name)
        return looked if looked and looked.digest and looked.digest == _digest(source) else None

    def _look(self, unknown: Sequence[Source], jobs: int) -> AbstractContextManager[Iterator[Looked]]:
        if not unknown:
            return nullcontext(iter(()))
        from .look import look

        what = "reading and checking the files"
        return spread(partial(look, self.spec), unknown, jobs or _worth(unknown), what)

    def _stood_still(self, ground: Ground) -> bool:
        """Whether the files were held against what `ground` is about, and nobody has changed spec/ in between."""
        if "spec" not in self.__dict__:
            return True
        from .look import digest_of

        return digest_of(self.spec) == ground.digest

    def _ground(self) -> Ground:
        from .look import ground

        return ground(self.spec)

    def _settled(self, source: Source, looked: Looked) -> Looked:
        """What a file comes to beside those before it, which may have given ids to other cases."""
        taken = self.across.add_ids(looked.head, valid=looked.valid)
        if taken:
            from .look import look

            self.taken[source.name] = frozenset(taken)
            looked = look(self.spec, source, self.taken[source.name])
        self.across.add_texts(looked.head)
        return looked

    def _open(self, name: str) -> Workspace:
        if name not in self.opened:
            from .workspace import view

            source = self.files[name]
            self.opened[name] = view(self.spec, source.path, source.fault, name, self.taken.get(name, ()))
        return self.opened[name]

    def _report(self, ground: Ground, found: dict[str, Looked], only: frozenset[Path]) -> Report:
        names = tuple(name for name, source in self.files.items() if within(source.path, only))
        inside = set(names)
        findings = [*ground.findings, *(finding for each in found.values() for finding in each.findings)]
        if self.across.any:
            from .validate import between

            findings += between(self.across)
        scopes = {**ground.scopes, **{name: each.scopes for name, each in found.items() if each.scopes}}
        told = self._told(findings, scopes, inside if only else None)
        lines = dict(ground.lines)
        for each in found.values():
            lines |= each.lines
        return Report(
            told.findings,
            names,
            sum(policies for name, (policies, _) in ground.counts.items() if name in inside),
            sum(each.cases for name, each in found.items() if name in inside),
            sum(facts for name, (_, facts) in ground.counts.items() if name in inside),
            sum(name in inside for name in (*ground.broken, *(n for n, each in found.items() if not each.valid))),
            self._lines(told.findings, lines),
            told.unshown,
            told.allowed,
            told.relaxed,
        )

    def _told(self, findings: list[Finding], scopes: dict[str, Sequence[Scope]], names: set[str] | None) -> Settled:
        if not findings and not scopes and self.settings is None:
            return Settled()
        from .validate import settle

        return settle(findings, scopes, self.settings, names)

    def _lines(self, findings: Iterable[Finding], lines: Lines) -> Lines:
        """The lines of all findings: most came with their file, others are of what was only found afterwards."""
        missing = [each for each in findings if (each.place.file, each.place.line) not in lines]
        if missing:
            from .validate import lines_of, source_lines

            for name in {each.place.file for each in missing} & self.files.keys():
                lines |= lines_of(self._open(name).files, missing)
            lines |= source_lines(self.settings, missing)
        return lines


def _digest(source: Source) -> str:
    """Of what a file holds now; empty where it cannot be read."""
    raw = contents(source.path) if source.fault is None else None
    return digest(raw) if isinstance(raw, bytes) else ""


def _worth(sources: Sequence[Source]) -> int:
    """How many processes pay for so many cases: less than this is checked in the time that one takes to start."""
    size = 0
    for source in sources:
        with suppress(OSError):
            size += source.path.stat().st_size if source.fault is None else 0
    return min(processors(), 1 + size // _A_JOB)


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
