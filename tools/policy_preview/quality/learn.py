"""What a simple reader could learn from texts alone: models over words and characters, never tried on their own group.

The only place that knows scikit-learn, which the extra `quality` brings; it is imported when used.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..core import UsageError
from .resample import LEAST_GROUPS, SEED

_FOLDS = 5
_BLOCK = 500


def need() -> None:
    """Raises UsageError where the extra is not installed."""
    try:
        import sklearn  # noqa: F401  # only whether it is there
    except ImportError as error:
        raise UsageError('this needs scikit-learn: pip install "policy-preview[quality]"') from error


def held_out(texts: Sequence[str], positive: Sequence[bool], groups: Sequence[str], words: bool) -> list[float] | None:
    """For each text how much it looks like the positive ones, to a model that saw no text of its group.

    TF-IDF of words and pairs of words (`words`), or of 2 to 4 characters; logistic regression; five folds of whole
    groups. None where there are fewer than ten groups in all or five with either label, or a fold
    would learn from one class alone.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedGroupKFold
    from sklearn.pipeline import make_pipeline

    sides = [{group for group, side in zip(groups, positive, strict=True) if side is which} for which in (True, False)]
    if len(set(groups)) < LEAST_GROUPS or min(map(len, sides)) < _FOLDS:
        return None
    shape: dict[str, Any] = {"analyzer": "word", "ngram_range": (1, 2), "token_pattern": r"(?u)\b\w+\b"}
    if not words:
        shape = {"analyzer": "char", "ngram_range": (2, 4)}
    scores = [0.0] * len(texts)
    folds = StratifiedGroupKFold(n_splits=_FOLDS, shuffle=True, random_state=SEED)
    for train, test in folds.split(texts, positive, groups):
        model = make_pipeline(
            TfidfVectorizer(sublinear_tf=True, **shape),
            LogisticRegression(solver="liblinear", class_weight="balanced", random_state=SEED),
        )
        try:
            model.fit([texts[i] for i in train], [positive[i] for i in train])
        except ValueError:  # one class alone, or no word stands in any text
            return None
        for i, score in zip(test, model.decision_function([texts[i] for i in test]), strict=True):
            scores[i] = float(score)
    return scores


def similar(texts: Sequence[str], least: float) -> set[tuple[int, int]]:
    """The pairs of texts whose TF-IDF over 3 to 5 characters has a cosine of at least `least`."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    if len(texts) < 2:
        return set()
    try:
        matrix = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True).fit_transform(texts)
    except ValueError:  # no run of three characters stands in any text
        return set()
    return _pairs(matrix, lambda _rows, _columns, values: values >= least)


def overlapping(texts: Sequence[str], least: float, words: bool) -> set[tuple[int, int]]:
    """The pairs of texts whose runs of three words (or of six characters) overlap by `least` or more (Jaccard)."""
    from sklearn.feature_extraction.text import CountVectorizer

    if len(texts) < 2:
        return set()
    shape: dict[str, Any] = {"analyzer": "word", "ngram_range": (3, 3), "token_pattern": r"(?u)\b\w+\b"}
    if not words:
        shape = {"analyzer": "char", "ngram_range": (6, 6)}
    try:
        matrix = CountVectorizer(binary=True, dtype="int32", **shape).fit_transform(texts)
    except ValueError:  # no text is long enough
        return set()
    sizes = matrix.getnnz(axis=1)
    return _pairs(matrix, lambda rows, columns, both: both >= least * (sizes[rows] + sizes[columns] - both))


def _pairs(matrix: Any, keep: Callable[[Any, Any, Any], Any]) -> set[tuple[int, int]]:
    """Pairs of rows, the earlier first, whose product with each other is kept; in blocks, so that memory is bounded."""
    found = set[tuple[int, int]]()
    for start in range(0, matrix.shape[0], _BLOCK):
        block = (matrix[start : start + _BLOCK] @ matrix.T).tocoo()
        rows, columns = block.row + start, block.col
        chosen = (rows < columns) & keep(rows, columns, block.data)
        found.update(zip(rows[chosen].tolist(), columns[chosen].tolist(), strict=True))
    return found
