"""Findings as JUnit XML: every file that was looked at is a test, which passes unless it has findings that count.

Errors count, and with --strict warnings too, just as for the exit code; other warnings stand in `system-out` of a test
that passes. A file has one failure at most, with all that was found there, since many readers show no second one.
The only place that knows an XML library.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..ci import Checkout
from ..findings import Finding
from ..looked import Report
from .findings import where
from .layout import plural, safe


def suites(report: Report, checkout: Checkout, strict: bool) -> str:
    """The document, in ASCII, so that no encoding of standard output changes it."""
    from xml.etree import ElementTree as Tree

    files: dict[str, list[Finding]] = {name: [] for name in report.names}
    for finding in report.findings:
        files.setdefault(finding.place.file, []).append(finding)
    failed = sum(any(_counts(each, strict) for each in found) for found in files.values())
    counts = {"tests": str(len(files)), "failures": str(failed), "errors": "0"}
    top = Tree.Element("testsuites", {"name": "policy-preview", **counts})
    suite = Tree.SubElement(top, "testsuite", {"name": "policy-preview validate", **counts, "skipped": "0"})
    for file, found in sorted(files.items()):
        name = safe(checkout.name(file))
        case = Tree.SubElement(suite, "testcase", {"name": name, "classname": "policy-preview.validate"})
        if wrong := [each for each in found if _counts(each, strict)]:
            kind = "error" if any(each.severity == "error" for each in wrong) else "warning"
            about = {"type": kind, "message": plural(len(wrong), "finding")}
            Tree.SubElement(case, "failure", about).text = _lines(wrong, checkout)
        if passed := [each for each in found if not _counts(each, strict)]:
            Tree.SubElement(case, "system-out").text = _lines(passed, checkout)
    Tree.indent(top)
    text: str = Tree.tostring(top, encoding="us-ascii", xml_declaration=True).decode("ascii")
    return text + "\n"


def _counts(finding: Finding, strict: bool) -> bool:
    return strict or finding.severity == "error"


def _lines(found: Sequence[Finding], checkout: Checkout) -> str:
    """A line each, without any character that XML cannot carry: `safe` writes those as escapes."""
    lines = [
        f"{where(checkout.place(f.place))}: {f.severity} {f.code} {safe(f.message)}"
        + (f" ({safe(f.hint)})" if f.hint else "")
        for f in found
    ]
    return "\n".join(lines)
