"""What the script of a page reads: outcomes of every policy by surface and labels, as numbers into short lists.

A page tells the same without; the script filters the cases by any policy and holds any two side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from ..build import Kinds
from ..core import Resolution
from ..diff import CLASSES, classify
from .document import Document


def data(documents: Sequence[Document], kinds: Kinds, headline: str) -> dict[str, Any]:
    """`sets`: every set of outcomes; `policies`: by surface and kind of labels, the numbers of set and course.

    `turns[a][b]`: the class of the change from set a to set b, 1 for the worst, 0 for none. `kinds`: the labels, with
    their cases. `headline`: the policy whose verdicts stand first beside the cases; `first`: two to begin with.
    """
    found: dict[tuple[str, ...], Resolution] = {}
    for document in documents:
        for results in document.courses.results.values():
            for result in results:
                found.setdefault(result.words, result)
    number = {words: index for index, words in enumerate(found)}
    return {
        "headline": headline,
        "first": _first(documents),
        "classes": list(CLASSES),
        "sets": [_set(result) for result in found.values()],
        "turns": [[_class(before, after) for after in found.values()] for before in found.values()],
        "kinds": [
            {"facets": [list(asdict(facet).values()) for facet in labels.facets], "cases": list(cases)}
            for labels, cases in kinds.names.items()
        ],
        "policies": [
            {
                "id": document.policy.id,
                "title": document.policy.title,
                "surfaces": list(document.policy.surfaces),
                "sets": [[number[r.words] for r in results] for results in document.courses.results.values()],
                "courses": list(map(list, document.courses.taken.values())),
            }
            for document in documents
        ],
    }


def _first(documents: Sequence[Document]) -> list[str]:
    """The two policies that the page holds side by side unasked: a version and the one before it, if there are."""
    known = {document.policy.id for document in documents}
    after = next((each for each in documents if each.before in known and each.changed and each.changed.count()), None)
    ids = [after.before, after.policy.id] if after else [document.policy.id for document in documents[:2]]
    return ids if len(ids) == 2 else ids * 2


def _set(result: Resolution) -> dict[str, Any]:
    return {
        "words": list(result.words),
        "told": result.told,
        "altered": result.altered if result.covered else "",
        "silent": result.exposed,
        "unsaid": result.unsaid,
        "decided": result.decided,
        "covered": result.covered,
    }


def _class(before: Resolution, after: Resolution) -> int:
    kind = classify(before, after) if before.words != after.words else ""
    return CLASSES.index(kind) + 1 if kind else 0
