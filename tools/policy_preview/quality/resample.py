"""Figures over weighted texts, and their intervals by drawing whole groups anew. Knows numpy, imported when used.

Weights stand beside the texts, one for each; a draw gives every text the number of times its group was drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Weights = NDArray[Any]
else:
    Weights = Any

SEED = 20261121
LEAST_GROUPS = 10
_DRAWS = 400


def ones(count: int) -> Weights:
    """Every text once."""
    import numpy as np

    return np.ones(count)


def interval(groups: Sequence[str], value: Callable[[Weights], float | None]) -> tuple[float, float] | None:
    """The middle 95% of a figure over 400 draws of whole groups; `groups` names the group of each text.

    None with fewer than ten groups, or where the figure exists in fewer than half of the draws.
    """
    import numpy as np

    names, index = np.unique(np.asarray(groups, dtype=object), return_inverse=True)
    if len(names) < LEAST_GROUPS:
        return None
    chance = np.random.default_rng(SEED)
    found = []
    for _ in range(_DRAWS):
        times = np.bincount(chance.integers(0, len(names), len(names)), minlength=len(names))
        result = value(times[index].astype(float))
        if result is not None:
            found.append(result)
    if len(found) < _DRAWS // 2:
        return None
    low, high = np.percentile(found, [2.5, 97.5])
    return float(low), float(high)


def auc(high: Sequence[float], low: Sequence[float]) -> float:
    """How often one of the higher stands above one of the lower, ties for half. 0.5: the score tells nothing."""
    result = weighted_auc([*high, *low], [True] * len(high) + [False] * len(low), ones(len(high) + len(low)))
    if result is None:
        raise ValueError("both sides are needed")
    return result


def weighted_auc(scores: Sequence[float], positive: Sequence[bool], weights: Weights) -> float | None:
    """The same with weights; None where one side has none."""
    import numpy as np

    values, place = np.unique(np.asarray(scores, dtype=float), return_inverse=True)
    side = np.asarray(positive, dtype=bool)
    above = np.bincount(place, weights * side, len(values))
    below = np.bincount(place, weights * ~side, len(values))
    if not above.sum() or not below.sum():
        return None
    under = np.cumsum(below) - below / 2
    return float((above * under).sum() / above.sum() / below.sum())


def mean(values: Sequence[float], weights: Weights) -> float | None:
    """The weighted mean; None where nothing has weight."""
    import numpy as np

    total = weights.sum()
    return float(np.dot(np.asarray(values, dtype=float), weights) / total) if total else None


def codes(*columns: Sequence[str]) -> list[Weights]:
    """Each column of words as numbers, the same word with the same number."""
    import numpy as np

    number = {word: place for place, word in enumerate(sorted({word for column in columns for word in column}))}
    return [np.array([number[word] for word in column], dtype=int) for column in columns]


def kappa(one: Weights, other: Weights, weights: Weights) -> float | None:
    """Agreement beyond chance of two labellings (as `codes`), in no order: with the margins of both (Scott's pi).

    None where all is one value: there is nothing to agree beyond.
    """
    import numpy as np

    total = weights.sum()
    if not total:
        return None
    margins = np.bincount(np.concatenate([one, other]), np.concatenate([weights, weights])) / (2 * total)
    chance = float((margins**2).sum())
    same = float(weights[one == other].sum() / total)
    return None if chance > 1 - 1e-12 else (same - chance) / (1 - chance)


def ordinal_alpha(one: Weights, other: Weights, weights: Weights) -> float | None:
    """Krippendorff's alpha with the ordinal metric, for two ranks (from 0) of each text.

    Source: Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), section D.
    """
    import numpy as np

    if not weights.sum():
        return None
    size = 1 + int(max(one.max(), other.max()))
    together = np.bincount(one * size + other, weights, size * size).reshape(size, size)
    together = together + together.T
    margins = together.sum(axis=1)
    up_to = np.cumsum(margins)
    low, high = np.minimum.outer(range(size), range(size)), np.maximum.outer(range(size), range(size))
    apart = (up_to[high] - up_to[low] + margins[low] - (margins[low] + margins[high]) / 2) ** 2
    expected = float((np.outer(margins, margins) * apart).sum() / (margins.sum() - 1))
    return None if not expected else 1 - float((together * apart).sum()) / expected


def flipped(signs: Sequence[Sequence[tuple[int, int]]], value: Callable[[list[int]], tuple[float, ...]]) -> list[float]:
    """The 95th percentiles, over 400 draws, of what `value` gives where a coin gives each group its direction.

    `signs`: for each group, pairs of (index, +1 or -1). `value` takes the sums by index.
    """
    import numpy as np

    size = 1 + max((index for group in signs for index, _ in group), default=-1)
    chance = np.random.default_rng(SEED)
    found = []
    for _ in range(_DRAWS):
        sums = [0] * size
        for group, side in zip(signs, chance.integers(0, 2, len(signs)).tolist(), strict=True):
            for index, sign in group:
                sums[index] += sign if side else -sign
        found.append(value(sums))
    return [float(end) for end in np.percentile(found, 95, axis=0)]
