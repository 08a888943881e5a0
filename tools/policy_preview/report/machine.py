"""Results as JSON and CSV. Every document names its format and the version of the tool."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from .. import __version__
from ..build import Case
from ..core import Cause, Labels, Outcome, Place, Resolution, Step, Window
from ..diff import Diff
from ..explain import Explanation
from ..findings import Finding
from ..looked import Report
from ..preview import Summary
from .jsontext import dumped


def document(name: str, **content: Any) -> str:
    """A document of one format, with its name and the version of the tool."""
    head = {"format": f"policy-preview/{name}/1", "version": __version__}
    return dumped({**head, **content})


def _place(place: Place | None) -> dict[str, Any] | None:
    return {"file": place.file, "line": place.line, "column": place.column} if place else None


def findings(report: Report) -> str:
    """`findings`: each with place, code, severity, message, hint and related places; `checked`: counts.

    `left_out`: files that are not valid, so that what rests on them is not checked. By code: `not_shown`, how many more
    there were than are told of one file; `allowed`, how many an `allow` silenced. `configuration`, where there is one:
    its file, how many findings it silenced, and errors it made warnings, by code.
    """

    def one(finding: Finding) -> dict[str, Any]:
        related = [{**(_place(place) or {}), "text": words} for place, words in finding.related]
        words = {"code": finding.code, "severity": finding.severity, "message": finding.message, "hint": finding.hint}
        return {**(_place(finding.place) or {}), **words, "related": related}

    checked = {"files": report.files, "policies": report.policies, "cases": report.cases, "facts": report.facts}
    totals: dict[str, Any] = {"errors": report.errors, "warnings": report.warnings}
    totals |= {"left_out": report.left_out, "not_shown": dict(report.unshown), "allowed": dict(report.allowed)}
    if report.relaxed is not None:
        silenced, lowered = dict(report.relaxed.silenced), dict(report.relaxed.lowered)
        totals["configuration"] = {"file": report.relaxed.file, "silenced": silenced, "made_warnings": lowered}
    return document("findings", checked=checked, **totals, findings=[one(finding) for finding in report.findings])


def window(point: Window | None) -> Any:
    """A date, or the bounds that the record gives with their question."""
    if point is None or point.after == point.before:
        return point.after if point else None
    return {"after": point.after or None, "before": point.before or None, "question": point.question}


def _cause(cause: Cause) -> dict[str, Any]:
    return {"kind": cause.kind, "key": list(cause.key), "clauses": list(cause.clauses)}


def summaries(found: Iterable[Summary], known_on: str = "") -> str:
    """`policies`: for each its head, counts, outcome sets by category, and the causes that leave cases open."""

    def one(item: Summary) -> dict[str, Any]:
        policy = item.policy
        return {
            "policy": policy.id,
            "provider": policy.provider,
            "status": policy.status,
            "in_force": {"from": window(policy.start), "until": window(policy.until)},
            "surface": item.surface,
            "standing": item.standing,
            "known_on": known_on or None,
            "cases": item.cases,
            "covered": item.covered,
            "decided": item.decided,
            "altered": item.altered,
            "told": item.told,
            "exposed": item.exposed,
            "unsaid": item.unsaid,
            "delayed": item.delayed,
            "sets": [{"category": c, "outcomes": words.split(" | "), "cases": n} for c, words, n in item.sets],
            "causes": [{"kind": cause.kind, "key": list(cause.key), "cases": n} for cause, n in item.causes],
        }

    return document("preview", policies=[one(item) for item in found])


def summaries_csv(found: Iterable[Summary]) -> str:
    """A line for each policy, category and outcome set."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["policy", "surface", "standing", "category", "outcomes", "cases"])
    for item in found:
        for category, words, count in item.sets:
            writer.writerow([item.policy.id, item.surface, item.standing, category, words, count])
    return out.getvalue()


def _outcome(outcome: Outcome) -> dict[str, Any]:
    acts = sorted(outcome.acts, key=lambda act: (act.safeguard, act.effect, act.body.word, act.body.detail))
    return {
        "outcome": str(outcome),
        "acts": [
            {"safeguard": a.safeguard, "effect": a.effect, "word": a.body.word, "detail": dict(a.body.detail)}
            for a in acts
        ],
    }


def _step(step: Step) -> dict[str, Any]:
    rows = [
        {
            "category": facet.category,
            "topic": facet.topic,
            "risk": facet.risk,
            "row": row.id if row else None,
            "then": row.then if row else "passes",
            "evidence": list(row.evidence) if row else [],
            "errs": row.errs or None if row else None,
        }
        for facet, row in step.hits
    ]
    return {
        "safeguard": step.safeguard,
        "state": step.state,
        "rows": rows,
        "effect": step.effect.id if step.effect else None,
    }


def traces(cases: Iterable[tuple[Case | None, Sequence[Resolution]]]) -> str:
    """`requests`: each with its labels and, by policy, the outcomes with what acts, the causes and the trace."""

    def one(result: Resolution) -> dict[str, Any]:
        return {
            "policy": result.policy,
            "surface": result.labels.surface,
            "standing": result.labels.standing,
            "outcomes": [_outcome(outcome) for outcome in result.outcomes],
            "decided": result.decided,
            "altered": result.altered,
            "told": result.told,
            "jointly": result.jointly,
            "causes": [_cause(cause) for cause in result.causes],
            "trace": [_step(step) for step in result.trace],
        }

    def request(case: Case | None, results: Sequence[Resolution]) -> dict[str, Any]:
        labels = _labels(results[0].labels)
        return {"case": case.id if case else None, "labels": labels, "policies": [one(r) for r in results]}

    return document("trace", requests=[request(case, results) for case, results in cases])


def _labels(labels: Labels) -> dict[str, Any]:
    return {"facets": [asdict(facet) for facet in labels.facets], "span": labels.span, "mode": labels.mode}


def diff(found: Diff) -> str:
    """`policies`: the changes of each; beside them what came, went and was relabelled."""
    return document(
        "diff",
        old=found.old,
        new=found.new,
        policies=[
            {
                "old": each.old,
                "new": each.new,
                "cases": each.cases,
                "changed": each.count(),
                "changes": [
                    {
                        "class": change.kind,
                        "before": change.before.split(" | "),
                        "after": change.after.split(" | "),
                        "told": {"before": change.told[0], "after": change.told[1]},
                        "detail": list(change.detail),
                        "surfaces": list(change.where),
                        "rows": list(change.rows),
                        "effects": list(change.effects),
                        "evidence": list(change.evidence),
                        "cases": list(change.cases),
                    }
                    for change in each.changes
                ],
            }
            for each in found.policies
        ],
        policies_added=list(found.policies_added),
        policies_removed=list(found.policies_removed),
        cases_added=list(found.cases_added),
        cases_removed=list(found.cases_removed),
        relabelled=[
            {
                "case": one.case,
                "labels": {"before": _labels(one.labels[0]), "after": _labels(one.labels[1])},
                "policy": one.policy,
                "before": one.before.split(" | "),
                "after": one.after.split(" | "),
            }
            for one in found.relabelled
        ],
        left_out=list(found.left_out),
    )


def explanation(found: Explanation) -> str:
    """One id or rule: where it stands, what it says, what it rests on and what rests on it."""

    def places(entries: Iterable[tuple[str, Place | None, str]]) -> list[dict[str, Any]]:
        return [{"id": name, "place": _place(place), "text": words} for name, place, words in entries]

    return document(
        "explanation",
        id=found.id,
        kind=found.kind,
        place=_place(found.place),
        says=dict(found.facts),
        rests_on=places(found.rests_on),
        used_by=places(found.used_by),
    )
