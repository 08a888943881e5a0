"""Findings for GitHub Actions: annotations, as commands to the runner, and the summary of the step, in Markdown.

What GitHub documents of them: a step shows 10 errors and 10 warnings, a job 50 annotations in all
(actions/toolkit, docs/problem-matchers.md); the summary of a step may have 1 MiB, or is not shown at all. So errors
stand first, each line of the log tells its place itself, and the summary lists what finds no annotation.
"""

from __future__ import annotations

from ..ci import Checkout
from ..findings import Finding
from ..looked import Report
from . import findings as text
from .layout import plural, safe
from .markdown import code, inline, table

# As the runner reads them back (actions/runner, ActionCommand.cs): the per cent sign goes first here, and last there.
_DATA = (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"))
_PROPERTY = (*_DATA, (":", "%3A"), (",", "%2C"))
_SPARE = 200  # bytes for the line on what is left out


def commands(report: Report, checkout: Checkout) -> str:
    """A command for each finding, errors first, then in plain text what was looked at and found."""
    ordered = sorted(report.findings, key=lambda finding: finding.severity != "error")
    return "\n".join([*(_command(finding, checkout) for finding in ordered), text.summary(report)]) + "\n"


def _command(finding: Finding, checkout: Checkout) -> str:
    place = checkout.place(finding.place)
    lines = [f"{text.where(place)}: {finding.code} {safe(finding.message)}"]
    lines += [f"help: {safe(finding.hint)}"] if finding.hint else []
    lines += [f"see: {text.where(checkout.place(other))} ({safe(words)})" for other, words in finding.related]
    properties = {
        "file": safe(place.file),
        "line": place.line,
        "col": place.column,
        "endColumn": place.column + place.length,
        "title": finding.code,
    }
    named = ",".join(f"{name}={_escaped(str(value), _PROPERTY)}" for name, value in properties.items())
    return f"::{finding.severity} {named}::{_escaped(chr(10).join(lines), _DATA)}"


def _escaped(words: str, pairs: tuple[tuple[str, str], ...]) -> str:
    for char, escape in pairs:
        words = words.replace(char, escape)
    return words


def summary(report: Report, checkout: Checkout, room: int) -> str:
    """A table of all findings, errors first, in at most `room` bytes; nothing where not even its head finds room."""
    counts = f"{plural(report.errors, 'error')}, {plural(report.warnings, 'warning')}"
    head = [f"### policy-preview validate: {counts if report.findings else 'no findings'}", ""]
    head += [part for line in text.summary(report).split("\n") for part in (inline(line), "")]
    ordered = sorted(report.findings, key=lambda finding: finding.severity != "error")
    lines = table(("", "where", "rule", "what"), [_row(finding, checkout) for finding in ordered])
    head += lines[:2] if ordered else []
    room -= sum(map(_size, head)) + _SPARE
    shown = list[str]()
    for line in lines[2:]:
        room -= _size(line)
        if room < 0:
            break
        shown.append(line)
    if room < 0 and not shown:
        return ""
    more = len(ordered) - len(shown)
    end = (
        ["", f"{plural(more, 'finding')} more, for which a summary has no room, in the log of the step."]
        if more
        else []
    )
    return "\n".join([*head, *shown, *end]).rstrip() + "\n\n"


def _row(finding: Finding, checkout: Checkout) -> tuple[str, ...]:
    what = inline(finding.message) + (f" ({inline(finding.hint)})" if finding.hint else "")
    return finding.severity, code(text.where(checkout.place(finding.place))), finding.code, what


def _size(line: str) -> int:
    return len(line.encode("utf-8", "replace")) + 1
