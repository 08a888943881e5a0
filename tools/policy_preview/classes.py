"""How one set of outcomes differs from another: the class of a change, worst first. Pure."""

from __future__ import annotations

from .core import LEAST_TOLD, Resolution

# Worst first. `detail`: the same words, with another target, notice, signal, method or duration.
CLASSES = ("told less", "answer to altered", "decided to open", "told more", "otherwise", "detail")
_TOLD = ("never", "unsaid", "sometimes", "afterwards", "on-ask", "always")
_SILENT, _UNSAID = LEAST_TOLD.index("silent"), LEAST_TOLD.index("unspecified")
_ALTERED = ("no", "maybe", "yes")


def classify(before: Resolution, after: Resolution) -> str:
    """The class of a change; empty where nothing changes."""
    if before.words == after.words:
        return "detail" if _details(before) != _details(after) else ""
    tests = {
        "told less": telling(before, after) < 0,
        "answer to altered": altering(before, after) > 0,
        "decided to open": before.decided and not after.decided,
        "told more": telling(before, after) > 0,
    }
    return next((kind for kind in CLASSES if tests.get(kind)), "otherwise")


def telling(before: Resolution, after: Resolution) -> int:
    """Above 0 where the user is told more than before, below where less; 0 where one of them alters nothing.

    The least told reading goes first: where only a silent one became an unsaid one, nobody is told less; nor is it
    said that anybody is told more.
    """
    if "-" in (before.told, after.told):
        return 0
    was, now = ((_least(result), _TOLD.index(result.told)) for result in (before, after))
    if (was[0], now[0]) == (_SILENT, _UNSAID):
        return 0
    return (now > was) - (now < was)


def _least(result: Resolution) -> int:
    return min(LEAST_TOLD.index(outcome.told) for outcome in result if outcome.altering)


def altering(before: Resolution, after: Resolution) -> int:
    """Above 0 where the answer is altered that was not, or more surely; below where less."""
    return _ALTERED.index(after.altered) - _ALTERED.index(before.altered)


def _details(result: Resolution) -> list[object]:
    return [outcome.detail for outcome in result.outcomes]
