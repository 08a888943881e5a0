"""Findings as text with excerpts, and one a line."""

from __future__ import annotations

from collections.abc import Sequence

from ..core import Place
from ..findings import Finding
from ..looked import MOST_ALIKE, Report
from . import ink
from .ink import LOUD, MAGENTA, Ink, head
from .layout import WIDTH, fill, guarded, plural, safe, width

_CUT = "..."
_MOST = 400  # characters of an excerpt, of those too that take no column


def text(report: Report) -> str:
    """Every finding with its line, a caret, what to do and the places that belong to it; then the count."""
    blocks = [_block(finding, report) for finding in report.findings]
    end = [part for line in summary(report).split("\n") for part in fill(line, rest="  ")]
    return "\n\n".join("\n".join(block) for block in [*blocks, end]) + "\n"


def concise(report: Report) -> str:
    """One line a finding: FILE:LINE:COLUMN: CODE message (hint)."""
    lines = [
        guarded(f"{where(f.place)}: {f.code} {safe(f.message)}" + (f" ({safe(f.hint)})" if f.hint else ""))
        for f in report.findings
    ]
    return "\n".join([*lines, summary(report)]) + "\n"


def summary(report: Report) -> str:
    """What was looked at and what was found, in a line, and in others what was taken from that."""
    return "\n".join([_found(report), *relaxed(report)])


def relaxed(report: Report) -> list[str]:
    """What is not shown, what was silenced and what was made a warning, by code, so that none goes unseen."""
    alike = f"not shown, beyond {MOST_ALIKE} of a code in a file"
    lines = [(alike, "finding", report.unshown), ("silenced by `allow`", "finding", report.allowed)]
    if report.relaxed is not None:
        file = safe(report.relaxed.file)
        lines.append((f"silenced by {file}", "finding", report.relaxed.silenced))
        lines.append((f"made warnings by {file}", "error", report.relaxed.lowered))
    return [f"{head}: {_counts(word, codes)}" for head, word, codes in lines if codes]


def _counts(word: str, codes: Sequence[tuple[str, int]]) -> str:
    """`3 findings (PP136 2, PP401 1)`."""
    return f"{plural(sum(count for _, count in codes), word)} ({', '.join(f'{code} {n:,}' for code, n in codes)})"


def _found(report: Report) -> str:
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
    style = LOUD if finding.severity == "error" else MAGENTA
    kind = Ink(f"{finding.severity} {finding.code}", style)
    lines = fill([f"{where(finding.place)}: ", kind, f": {finding.message}"], rest="    ")
    source = report.line(finding.place)
    if source.strip():
        shown, caret = excerpt(source, finding.place)
        gutter, _, marks = caret.rpartition(" ")
        lines += [shown, f"{gutter} {ink.painted(marks, [style] * len(marks))}"]
    if finding.hint:
        lines += fill(finding.hint, ["   ", head("help"), ": "])
    for place, words in finding.related:
        lines += fill(f"{where(place)} ({words})", ["   ", head("see"), ":  "])
    return lines


def excerpt(source: str, place: Place) -> list[str]:
    """A line of a file with a caret below; of a long line the part around the column."""
    gutter = f"{place.line:>5} | "
    line, room = source.replace("\t", " "), WIDTH - len(gutter)
    at, start, end = place.column - 1, 0, len(line)
    if end > _MOST or width(safe(line)) > room:
        start = _reach(line, min(at, end), -1, room // 2)
        end = _reach(line, start, 1, room - 2 * len(_CUT))
        start = start if end < len(line) else _reach(line, end, -1, room - len(_CUT))
    part, lead, tail = line[start:end], _CUT if start else "", _CUT if end < len(line) else ""
    before = lead + safe(part[: at - start])
    marked = safe(part[at - start : at - start + place.length])
    caret = "^" + "~" * (max(1, width(marked)) - 1)
    return [gutter + lead + safe(part) + tail, " " * (len(gutter) - 2) + "| " + " " * width(before) + caret]


def _reach(line: str, at: int, step: int, room: int) -> int:
    """How far from `at` one may go, forward or back, in so many columns."""
    here = at
    while 0 <= here + min(step, 0) < len(line) and abs(here - at) < _MOST:
        part = line[at : here + 1] if step > 0 else line[here - 1 : at]
        if width(safe(part)) > room:
            break
        here += step
    return here
