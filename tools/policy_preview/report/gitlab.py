"""Findings as a Code Quality report of GitLab: a JSON list, empty where nothing is found.

GitLab has five severities; an error is `major` and a warning `minor`, since what breaks a policy's data breaks no
service. A path is from the root of the repository, and each fingerprint must be a different one.
"""

from __future__ import annotations

from ..ci import Checkout
from ..looked import Report
from .fingerprint import fingerprints
from .jsontext import dumped
from .layout import safe

_SEVERITY = {"error": "major", "warning": "minor"}


def issues(report: Report, checkout: Checkout) -> str:
    """Each finding with its place, message and hint, under the code of its rule."""
    return dumped(
        [
            {
                "description": safe(f.message) + (f" ({safe(f.hint)})" if f.hint else ""),
                "check_name": f.code,
                "fingerprint": known,
                "severity": _SEVERITY[f.severity],
                "location": {"path": safe(checkout.name(f.place.file)), "lines": {"begin": f.place.line}},
            }
            for f, known in zip(report.findings, fingerprints(report, checkout), strict=True)
        ]
    )
