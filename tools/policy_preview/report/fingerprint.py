"""What a finding is known by from one run to the next, though lines are inserted above it or elsewhere."""

from __future__ import annotations

import re
from collections import Counter
from hashlib import sha256

from ..ci import Checkout
from ..core import Place
from ..validate import Report

_ID = re.compile(r"^[ \t-]*id:[ \t]*(\S+)")


def fingerprints(report: Report, checkout: Checkout) -> list[str]:
    """One for each finding, in their order, all different.

    It hangs on the rule, the file, the last `id:` at or above the line, and the text of the line; where all are alike,
    on which of them it is. The message is no part of it, so that better words make no finding a new one.
    """
    seen = Counter[tuple[str, ...]]()
    found, lines = list[str](), _Lines(report)
    for finding in report.findings:
        known = (finding.code, checkout.name(finding.place.file), *lines.at(finding.place))
        seen[known] += 1
        whole = "\0".join((*known, str(seen[known])))
        found.append(sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:32])
    return found


class _Lines:
    """The lines of the files, gone through once: findings come sorted by place."""

    def __init__(self, report: Report) -> None:
        self._report, self._file, self._line, self._id = report, "", 0, ""

    def at(self, place: Place) -> tuple[str, str]:
        """The id that a place stands under, and its line without the space around and in it."""
        source = self._report.sources.get(place.file)
        if source is None or (place.line, place.column, place.length) == (1, 1, 1):  # of a file as a whole
            return "", ""
        if place.file != self._file:
            self._file, self._line, self._id = place.file, 0, ""
        while self._line < place.line:
            self._line += 1
            if match := _ID.match(source.document.line(self._line)):
                self._id = match[1]
        return self._id, " ".join(source.document.line(place.line).split())
