"""Coverage, gaps, history, quality and agreement as JSON. The head of every document is that of machine.py."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..coverage import Coverage
from ..gaps import Gap
from ..history import Line, Step
from ..quality.agree import Agreement
from ..quality.measure import Figure
from ..quality.run import Quality
from .machine import document, window


def coverage(found: Coverage) -> str:
    """`rows`: each with its cases and those with a sibling on its other side; `cells`; `untouched` cases."""
    return document(
        "coverage",
        cases=found.cases,
        enough={name: getattr(found.enough, name) for name in found.enough.__dataclass_fields__},
        percent=round(found.percent, 2),
        rows=[
            {
                "policy": row.policy,
                "row": row.name,
                "then": row.then,
                "of_requests": row.of_requests,
                "cases": list(row.cases),
                "contrasted": list(row.contrasted),
                "enough": found.covered(row) if row.of_requests else None,
            }
            for rows in found.policies.values()
            for row in rows
        ],
        cells=[
            {
                "category": cell.category,
                "topic": cell.topic,
                "risk": cell.risk,
                "cases": list(cell.cases),
                "families": list(cell.families),
                "enough": found.full(cell),
            }
            for cell in found.cells
        ],
        untouched=list(found.untouched),
    )


def gaps(found: Sequence[Gap]) -> str:
    """`gaps`, as in the text, first what decides most: for each policy its cases and what each answer decides."""
    return document(
        "gaps",
        gaps=[
            {
                "kind": gap.kind,
                "key": list(gap.key),
                "requests": gap.requests,
                "decided": {"least": gap.least, "most": gap.most},
                "policies": [
                    {
                        "policy": hang.policy,
                        "clauses": list(hang.clauses),
                        "cases": list(hang.cases),
                        "requests": hang.requests,
                        "ways": [
                            {"way": way.way, "requests": way.requests, "cases": list(way.cases)} for way in hang.ways
                        ],
                    }
                    for hang in gap.hangs
                ],
            }
            for gap in found
        ],
    )


def history(lines: Sequence[Line]) -> str:
    """`lines`: for each its provider and its versions in order, with what each step changed."""

    def one(step: Step) -> dict[str, Any]:
        policy = step.policy
        fields = step.turns.__dataclass_fields__ if step.turns else {}
        turns = {name: getattr(step.turns, name) for name in fields}
        return {
            "policy": policy.id,
            "title": policy.title,
            "subject": list(policy.subject),
            "in_force": {"from": window(policy.start), "until": window(policy.until)},
            "follows": step.after or None,
            "joint": step.joint or None,
            "surfaces": list(step.surfaces),
            "turns": {name: list(v) if isinstance(v, tuple) else v for name, v in turns.items()} or None,
            "not_yet_known": [{"clause": each.clause, "known": each.known or None} for each in step.unknown],
            "read_otherwise": list(step.misread),
        }

    return document(
        "history", lines=[{"provider": line.provider, "policies": [one(step) for step in line.steps]} for line in lines]
    )


def quality(found: Quality) -> str:
    """`measures`: each with how it is computed, what it cannot show, and its figures; `missed`: how many targets."""
    return document(
        "quality",
        texts=found.texts,
        families=found.families,
        labels=list(found.labels),
        missed=found.missed,
        unknown=found.unknown,
        measures=[
            {
                "measure": measure.id,
                "title": measure.title,
                "how": measure.how,
                "cannot_show": measure.cannot,
                "figures": [_figure(figure) for figure in figures],
            }
            for measure, figures in found.found
        ],
    )


def agreement(found: Sequence[Agreement]) -> str:
    """`rounds`: each with what it was, how many texts and readers, and the figures `between` and `with_label`."""
    return document(
        "agreement",
        rounds=[
            {
                "round": each.round.name,
                "about": each.round.about,
                "texts": len(each.round.texts),
                "readers": each.readers,
                "unchanged": each.unchanged,
                "between": [_figure(figure) for figure in each.between],
                "with_label": [_figure(figure) for figure in each.with_label],
            }
            for each in found
        ],
    )


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "of": figure.of,
        "value": None if figure.value is None else round(figure.value, 4),
        "interval": None
        if figure.low is None or figure.high is None
        else [round(figure.low, 4), round(figure.high, 4)],
        "over": figure.over,
        "target": figure.target,
        "met": figure.met,
        "note": figure.note,
    }
