"""Findings as text with excerpts, and one a line."""

from __future__ import annotations

from ..core import Place
from ..findings import Finding
from ..validate import Report
from .layout import fill, guarded, plural, safe, width

_WINDOW = 100  # columns of an excerpt


def text(report: Report) -> str:
    """Every finding with its line, a caret, what to do and the places that belong to it; then the count."""
    blocks = ["\n".join(_block(finding, report)) for finding in report.findings]
    return "\n\n".join([*blocks, summary(report)]) + "\n"


def concise(report: Report) -> str:
    """One line a finding: FILE:LINE:COLUMN: CODE message (hint)."""
    lines = [
        guarded(f"{where(f.place)}: {f.code} {safe(f.message)}" + (f" ({safe(f.hint)})" if f.hint else ""))
        for f in report.findings
    ]
    return "\n".join([*lines, summary(report)]) + "\n"


def summary(report: Report) -> str:
    """What was looked at and what was found, in a line."""
    looked = ", ".join(
        plural(count, word)
        for count, word in (
            (report.files, "file"), (report.policies, "policy"), (report.cases, "case"), (report.facts, "fact"),
        )
    )  # fmt: skip
    if not report.findings:
        return f"checked {looked}: no findings"
    found = f"checked {looked}: {plural(report.errors, 'error')}, {plural(report.warnings, 'warning')}"
    if not report.left_out:
        return found
    return f"{found}\nnot valid, so that what rests on it is not checked: {plural(report.left_out, 'file')}"


def where(place: Place) -> str:
    """FILE:LINE:COLUMN as a terminal makes it clickable; a name that looks like a command is set apart."""
    file = safe(place.file)
    return f"{'./' if file.startswith((':', '#', '-')) else ''}{file}:{place.line}:{place.column}"


def _block(finding: Finding, report: Report) -> list[str]:
    lines = [guarded(f"{where(finding.place)}: {finding.severity} {finding.code}: {safe(finding.message)}")]
    file = report.sources.get(finding.place.file)
    source = file.document.line(finding.place.line) if file else ""
    if source.strip():
        lines += excerpt(source, finding.place)
    if finding.hint:
        lines += fill(finding.hint, "   help: ")
    lines += [f"   see:  {where(place)} ({safe(words)})" for place, words in finding.related]
    return lines


def excerpt(source: str, place: Place) -> list[str]:
    """A line of a file with a caret below; of a long line the part around the column."""
    start = 0 if len(source) <= _WINDOW else max(0, min(place.column - 1 - _WINDOW // 2, len(source) - _WINDOW))
    part = source[start : start + _WINDOW]
    lead, tail = "..." if start else "", "..." if start + _WINDOW < len(source) else ""
    before = lead + safe(part[: place.column - 1 - start].replace("\t", " "))
    marked = safe(part[place.column - 1 - start : place.column - 1 - start + place.length])
    gutter = f"{place.line:>5} | "
    shown = lead + safe(part.replace("\t", " ")) + tail
    caret = "^" + "~" * (max(1, width(marked)) - 1)
    return [gutter + shown, " " * (len(gutter) - 2) + "| " + " " * width(before) + caret]
