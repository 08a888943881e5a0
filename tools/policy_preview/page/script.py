"""What the script of a page reads: outcomes of every policy by surface and labels, as numbers into short lists.

A page tells the same without; the script filters the cases by any policy and holds any two side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from ..build import Kinds
from ..classes import CLASSES, classify
from ..core import Resolution
from .document import Document


def data(documents: Sequence[Document], kinds: Kinds, shown: Sequence[Document]) -> dict[str, Any]:
    """`sets`: every set of outcomes, those of other detail apart; `policies`: by surface and kind of labels, the
    numbers of set and course.

    `turns[a][b]`: the class of the change from set a to set b, 1 for the worst, 0 for none, 6 for detail alone.
    `kinds`: the labels, with their cases. `headline`: the first of the policies `shown` beside the cases; `first`: two
    to begin with.
    """
    found: dict[object, Resolution] = {}
    for document in documents:
        for results in document.courses.results.values():
            for result in results:
                found.setdefault(_all(result), result)
    number = {each: index for index, each in enumerate(found)}
    return {
        "headline": shown[0].policy.id,
        "first": _first(shown, documents),
        "classes": list(CLASSES),
        "sets": [_set(result) for result in found.values()],
        "turns": _turns(list(found.values())),
        "kinds": [
            {"facets": [list(asdict(facet).values()) for facet in labels.facets], "cases": list(cases)}
            for labels, cases in kinds.names.items()
        ],
        "policies": [
            {
                "id": document.policy.id,
                "title": document.policy.title,
                "before": document.policy.follows if document.changed else "",
                "surfaces": list(document.policy.surfaces),
                "sets": [[number[_all(r)] for r in results] for results in document.courses.results.values()],
                "courses": list(map(list, document.courses.taken.values())),
            }
            for document in documents
        ],
    }


def _first(shown: Sequence[Document], documents: Sequence[Document]) -> list[str]:
    """The two policies that the page holds side by side unasked: a version and the one before it, if there are."""
    known = {document.policy.id for document in documents}
    after = next((each for each in (*shown, *documents) if each.changed and each.before in known), None)
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


def _all(result: Resolution) -> object:
    """The outcomes with their detail: what two requests must share to come to the same."""
    return result.words, tuple(outcome.detail for outcome in result.outcomes)


def _turns(every: Sequence[Resolution]) -> list[str]:
    """A row of characters for each set: the place of the class, from 1; 0 where nothing changes or one does not speak.

    Of sets in other words the class hangs on the words alone.
    """
    by_words = {result.words: result for result in every}
    known = {(a, b): _class(by_words[a], by_words[b]) for a in by_words for b in by_words if a != b}
    return ["".join(known.get((a.words, b.words)) or ("0" if a is b else _class(a, b)) for b in every) for a in every]


def _class(before: Resolution, after: Resolution) -> str:
    kind = classify(before, after) if before.covered and after.covered else ""
    return str(CLASSES.index(kind) + 1 if kind else 0)
