"""Findings as SARIF 2.1.0, for code scanning, editors and whatever else reads it.

All rules are listed, not those alone that were broken: so a log without results says what was looked for. Code scanning
of GitHub knows a finding again by a hash of its line that its upload adds; other readers by our fingerprint
(decision 0010).
"""

from __future__ import annotations

from typing import Any

from .. import __version__
from ..ci import Checkout
from ..core import Place
from ..findings import RULES, Finding, Rule
from ..looked import Report
from .fingerprint import fingerprints
from .jsontext import dumped
from .layout import safe

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_BASE = "%SRCROOT%"  # as GitHub and the SARIF tools call the root of the repository
_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")


def log(report: Report, checkout: Checkout, failed: bool) -> str:
    """The log of one run. `failed`: whether the exit code is 1; a run that could not be made leaves no log."""
    rules = dict(sorted(RULES.items()))
    index = {code: number for number, code in enumerate(rules)}
    results = [
        _result(finding, known, index[finding.code], checkout)
        for finding, known in zip(report.findings, fingerprints(report, checkout), strict=True)
    ]
    driver = {"name": "policy-preview", "version": __version__, "rules": [_rule(each) for each in rules.values()]}
    run = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": True, "exitCode": int(failed)}],
        "originalUriBaseIds": {_BASE: {"description": {"text": "the root of the repository"}}},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return dumped({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(rule: Rule) -> dict[str, Any]:
    """A rule as it documents itself; the docstrings are plain text with the backticks of Markdown."""
    lines = [line.strip() for line in rule.doc.strip().split("\n")]
    doc = "\n".join(lines)
    first = " ".join(doc.split("\n\n")[0].split())
    more = f"`policy-preview explain {rule.code}` tells the same in a terminal."
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": first.partition(". ")[0].removesuffix(".") + "."},
        "fullDescription": {"text": " ".join(doc.split())},
        "help": {"text": f"{doc}\n\n{more}", "markdown": f"{doc}\n\n{more}"},
        "defaultConfiguration": {"level": rule.severity},
    }


def _result(finding: Finding, known: str, index: int, checkout: Checkout) -> dict[str, Any]:
    others = [
        {"id": number, **_location(place, checkout), "message": {"text": _words(words)}}
        for number, (place, words) in enumerate(finding.related, 1)
    ]
    return {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": finding.severity,
        "message": {"text": _words(finding.message) + (f"\nhelp: {_words(finding.hint)}" if finding.hint else "")},
        "locations": [_location(finding.place, checkout)],
        **({"relatedLocations": others} if others else {}),
        "partialFingerprints": {"policyPreview/v1": known},
    }


def _words(text: str) -> str:
    """Text of a message. `[x](y)` is a link in a message of SARIF, and no text of a file makes one."""
    return safe(text).replace("](", "] (")


def _location(place: Place, checkout: Checkout) -> dict[str, Any]:
    region = {
        "startLine": place.line,
        "startColumn": place.column,
        "endColumn": place.column + place.length,  # the first column behind it
    }
    return {"physicalLocation": {"artifactLocation": _artifact(checkout.name(place.file)), "region": region}}


def _artifact(name: str) -> dict[str, str]:
    """A file by its address; what lies outside of the repository by its whole path."""
    if name.startswith("/"):
        return {"uri": f"file://{_quoted(name)}"}
    return {"uri": _quoted(name), "uriBaseId": _BASE}


def _quoted(name: str) -> str:
    """A path as a part of an address, byte by byte as the file system has it."""
    # Bytes that are not UTF-8 stand in a name as halves of characters (PEP 383); other halves only on Windows.
    errors = [("surrogateescape" if 0xDC80 <= ord(char) <= 0xDCFF else "surrogatepass") for char in name]
    data = b"".join(char.encode("utf-8", how) for char, how in zip(name, errors, strict=True))
    return "".join(chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in data)
