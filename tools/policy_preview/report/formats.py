"""The forms in which findings are told: each a pure function of one report, imported when it is asked for."""

from __future__ import annotations

from ..ci import Checkout
from ..looked import Report


def rendered(form: str, report: Report, checkout: Checkout, strict: bool) -> str:
    """The report in one of the forms. Those for a forge name files from the root of the repository."""
    match form:
        case "github":
            from .github import commands

            return commands(report, checkout)
        case "sarif":
            from .sarif import log

            return log(report, checkout, report.fails(strict))
        case "junit":
            from .junit import suites

            return suites(report, checkout, strict)
        case "gitlab":
            from .gitlab import issues

            return issues(report, checkout)
        case "json":
            from .machine import findings

            return findings(report)
        case "concise":
            from .findings import concise

            return concise(report)
        case _:
            from .findings import text

            return text(report)
