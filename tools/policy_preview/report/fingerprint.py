"""What a finding is known by from one run to the next, though lines are inserted above it or elsewhere."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256

from ..ci import Checkout
from ..core import Place
from ..looked import Report


def fingerprints(report: Report, checkout: Checkout) -> list[str]:
    """One for each finding, in their order, all different.

    It hangs on the rule, the file, the last `id:` at or above the line, and the text of the line; where all are alike,
    on which of them it is. The message is no part of it, so that better words make no finding a new one.
    """
    seen = Counter[tuple[str, ...]]()
    found = list[str]()
    for finding in report.findings:
        known = (finding.code, checkout.name(finding.place.file), *_spot(report, finding.place))
        seen[known] += 1
        whole = "\0".join((*known, str(seen[known])))
        found.append(sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:32])
    return found


def _spot(report: Report, place: Place) -> tuple[str, str]:
    """The id that a place stands under, and its line without the space around and in it; of a whole file nothing."""
    line = report.lines.get((place.file, place.line))
    if line is None or (place.line, place.column, place.length) == (1, 1, 1):
        return "", ""
    return line.under, " ".join(line.text.split())
