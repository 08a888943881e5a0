"""What a workspace has settled about its findings: which are told, and with what weight. Pure: findings to findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .core import Place
from .findings import RULES, Finding, rule
from .looked import Counts, Relaxed

if TYPE_CHECKING:
    from .workspace import File


@rule("PP331", severity="warning", stage="after")
def idle_ignore(place: Place, word: str) -> Finding:
    """A code of `per-file-ignores` that silences no finding. It may be left over, or name the wrong code or files."""
    return Finding(place, "PP331", f"this silences nothing: {word} is not found in these files", "remove it")


@dataclass(frozen=True, slots=True)
class Exemption:
    """Codes that are not told in some files, with the word that stands for them in the configuration, and its place."""

    word: str
    place: Place
    codes: frozenset[str]
    files: frozenset[str]


@dataclass(frozen=True, slots=True)
class Settings:
    """`codes`: those told; `severity`: of single codes; `source`: where all this stands, for excerpts. `bound`: it is
    the workspace's own, so that an exemption that silences nothing is told.

    Firm codes are always among those told, in no exemption, and never made a warning: config.py sees to it.
    """

    source: File
    codes: frozenset[str]
    severity: Mapping[str, str]
    exemptions: tuple[Exemption, ...]
    bound: bool = True

    def apply(self, findings: Iterable[Finding]) -> tuple[list[Finding], list[Finding]]:
        """What is told, and what is silenced. An exemption that silences nothing is a finding itself."""
        told, silenced, used = list[Finding](), list[Finding](), set[Place]()
        by_code: dict[str, list[Exemption]] = {}
        for each in self.exemptions:
            for code in each.codes:
                by_code.setdefault(code, []).append(each)
        for finding in findings:
            held = [each.place for each in by_code.get(finding.code, ()) if finding.place.file in each.files]
            used.update(held)
            (silenced if held or finding.code not in self.codes else told).append(self._weighed(finding))
        unused = [each for each in self.exemptions if each.place not in used] if self.bound else []
        idle = [idle_ignore(each.place, each.word) for each in unused]
        (told if "PP331" in self.codes else silenced).extend(map(self._weighed, idle))
        return told, silenced

    def _weighed(self, finding: Finding) -> Finding:
        return replace(finding, weight=self.severity.get(finding.code, ""))


def relaxed(settings: Settings, told: Iterable[Finding], silenced: Iterable[Finding]) -> Relaxed:
    """The counts of one run."""
    lowered = [each for each in told if each.severity == "warning" and RULES[each.code].severity == "error"]
    return Relaxed(settings.source.document.file, counted(silenced), counted(lowered))


def counted(findings: Iterable[Finding]) -> Counts:
    """How many, by code."""
    return tuple(sorted(Counter(finding.code for finding in findings).items()))
