"""Every measure over a set, as data. Prints nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ..core import UsageError
from ..progress import steps
from ..workspace import Workspace
from . import labels, learn, policies, shape, words  # noqa: F401  # registers the measures
from .items import Item, order_of
from .measure import MEASURES, Figure, Measure, Set

_ORDER = (
    "near-duplicates", "words-across", "words-within", "edit-words", "length", "ends", "edits", "openings",
    "leakage", "spread", "sorts", "rows", "cuts", "record",
)  # fmt: skip
_MOST_LABELS = 6


@dataclass(frozen=True, slots=True)
class Quality:
    """What was measured, over how many texts of how many families."""

    texts: int
    families: int
    labels: tuple[str, ...]
    languages: tuple[str, ...]
    found: tuple[tuple[Measure, tuple[Figure, ...]], ...]

    def figures(self) -> Iterator[Figure]:
        return (figure for _, figures in self.found for figure in figures)

    @property
    def missed(self) -> int:
        return sum(figure.met is False for figure in self.figures())

    @property
    def unknown(self) -> int:
        """Targets of which it cannot be said whether they are met."""
        return sum(bool(figure.target) and figure.met is None for figure in self.figures())


def measure_set(items: Sequence[Item], workspace: Workspace | None = None) -> Quality:
    """Take every measure that applies. Raises UsageError for an empty set, one label alone, or over six labels."""
    learn.need()
    order = order_of(items)
    if not items:
        raise UsageError("the set is empty, so nothing can be measured")
    if len(order) < 2:
        raise UsageError(f"every text has the label `{order[0]}`; with one label alone nothing can give it away")
    if len(order) > _MOST_LABELS:
        raise UsageError(f"{len(order):,} different labels; measured are sets of up to {_MOST_LABELS}")
    languages = tuple(dict.fromkeys(item.lang for item in items))
    whole = Set(list(items), order, workspace)
    parts = [(language, _part(whole, language)) for language in languages]
    found = []
    wanted = [MEASURES[id] for id in _ORDER if workspace is not None or not MEASURES[id].needs_workspace]
    for each in steps(wanted, "measuring", lambda each: each.title):
        if not each.by_language:
            found.append((each, tuple(each.function(whole))))
            continue
        figures = [
            replace(figure, of=f"{language}: {figure.of}" if len(parts) > 1 else figure.of)
            for language, part in parts
            for figure in each.function(part)
        ]
        found.append((each, tuple(figures)))
    return Quality(len(items), len(whole.groups), tuple(order), languages, tuple(found))


def _part(whole: Set, language: str) -> Set:
    items = [item for item in whole.items if item.lang == language]
    return Set(items, [label for label in whole.order if any(item.label == label for item in items)])
