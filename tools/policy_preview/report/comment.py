"""What changes for requests, as a comment for a pull request: the sentence, the worst, and folded what follows."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, takewhile

from .. import __version__
from ..classes import CLASSES
from ..core import NOT_COVERED
from ..diff import Change, Diff, PolicyDiff, Relabelled, newly_silent
from . import transition
from .diff import labelled
from .layout import MARKS, clip, plural
from .markdown import code, fold, inline, table
from .transition import Transition

MARKER = "<!-- policy-preview diff -->"  # by which a CI job finds the comment that it wrote before
LIMIT = 60_000  # of the 65,536 that GitHub takes
_SPARE = 4_000  # for the heads of sections and the line on what is not shown
_WORST = 3  # transitions told in full
_NAME = 120
_FEW = 4  # names that need no fold
_SHORT = {
    "told less": "told less",
    "answer to altered": "newly altered",
    "decided to open": "decided → open",
    "told more": "told more",
    "otherwise": "otherwise",
    "detail": "detail alone",
}
_BESIDES = {
    "answer to altered": "the answer would be altered that was not, or not surely",
    "told more": "the user is told more",
    "decided to open": "what was decided would be open",
    "detail": "the outcome stays, but not its detail",
}


class _Room:
    """How much may still be written. GitHub counts characters; here they are counted as UTF-16 does, which is more.

    `left_away` counts the names that found no room.
    """

    def __init__(self, size: int) -> None:
        self.left, self.left_away = size, 0

    def takes(self, lines: Sequence[str]) -> bool:
        """Whether the lines still fit; then their room is taken."""
        wanted = sum(map(_size, lines)) + len(lines)
        fits = wanted <= self.left
        self.left -= wanted if fits else 0
        return fits

    def all_that_fit(self, blocks: Iterable[Sequence[str]]) -> list[Sequence[str]]:
        """The first of the blocks, up to the one that is too long."""
        return list(takewhile(self.takes, blocks))

    def names(self, names: Sequence[str]) -> str:
        """Names in a line, and how many more there are."""
        shown = [name for (name,) in self.all_that_fit([inline(clip(name, _NAME)) + ", "] for name in names)]
        more = len(names) - len(shown)
        self.left_away += more
        line = "".join(shown).removesuffix(", ")
        return f"{line}{' and ' if line else ''}{more:,} more" if more else line

    def fold_of_names(self, summary: str, names: Sequence[str]) -> list[str]:
        """Names in a fold of their own, a few in the open; nothing where there is no room for it."""
        if names and not self.takes([summary, " " * 80]):
            self.left_away += len(names)
            return []
        if len(names) <= _FEW:
            return ["", f"{_capital(summary)}: {self.names(names)}"] if names else []
        return ["", *fold(summary, [self.names(names)])]

    @contextmanager
    def part(self, share: int) -> Iterator[_Room]:
        """One part in so many of the room, for what must not take it all. What stays unused is given back."""
        inner = _Room(self.left // share)
        taken = inner.left
        yield inner
        self.left -= taken - inner.left
        self.left_away += inner.left_away


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def _size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "replace")) // 2


def markdown(diff: Diff, sides: Sequence[str] = ()) -> str:
    """The comment, never above LIMIT. `sides`: the words that asked for the diff, to tell how to see the rest.

    What is worst takes its room first; what finds none is counted at the end.
    """
    every = [Transition(each, group) for each in diff.policies for group in each.groups()]
    every.sort(key=lambda one: (CLASSES.index(one.kind), -len(one.cases)))
    names = " → ".join(inline(clip(name, _NAME)) for name in (diff.old, diff.new))
    head = [MARKER, f"### Policy preview: {names}", "", _sentence(diff)]
    room = _Room(LIMIT - _SPARE - sum(map(_size, head)))
    several, told = sum(bool(each.changes) for each in diff.policies) > 1, set[str]()
    with room.part(8) as some:
        head += _left_out(diff, some)
    with room.part(4) as some:
        head += _policies(diff, some)
    numbered = list(enumerate(every, 1))
    worst = room.all_that_fit(transition.whole(one, at, several, diff, told) for at, one in numbered[:_WORST])
    moves = _came_and_went(diff, room)
    with room.part(4) as some:
        moves += _relabelled(diff, some)
    others = room.all_that_fit(transition.short(one, at, several, diff) for at, one in numbered[len(worst) :])
    shown = every[: len(worst) + len(others)]
    ids = [room.fold_of_names(f"the {plural(len(one.cases), 'request')}", one.cases) for one in shown]
    facts = _facts(diff, told, room)
    blocks = [["", *block, *names] for block, names in zip([*worst, *others], ids, strict=True)]
    count = f"The first {len(worst):,} of {plural(len(every), 'transition')}, worst first" if others else "What changes"
    lines = [*head, *(["", f"#### {count}"] if worst else []), *chain(*blocks[: len(worst)])]
    if others:
        lines += ["", *fold(_summary(shown[len(worst) :]), [*chain(*blocks[len(worst) :])][1:])]
    lines += [*facts, *moves, *_missing(every[len(shown) :], room.left_away, sides), "", _legend(every)]
    return "\n".join(lines) + "\n"


def _cases(diff: Diff, test: Callable[[Change], bool]) -> int:
    """How many requests change in a way, under any policy."""
    return len({case for each in diff.policies for change in each.changes if test(change) for case in change.cases})


def _sentence(diff: Diff) -> str:
    partly = bool(diff.left_out or diff.policies_removed)
    if diff.unknown:
        return "**Nothing could be compared.**"
    if not diff.changed:
        return f"**No case changes{' in what could be compared' if partly else ''}.**"
    total = max(each.cases for each in diff.policies)
    changed = _cases(diff, lambda change: change.kind != "detail")
    less = _cases(diff, lambda change: change.kind == "told less")
    never = _cases(diff, lambda change: change.kind == "told less" and change.told[1] == "never")
    silent = _cases(diff, newly_silent)
    first = f"**{changed:,} of {plural(total, 'request')} {'changes' if changed == 1 else 'change'}"
    first += f"; for {less:,} the user is told less than before" if less else ""
    first += f" (for {never:,} no longer at all)" if never else ""
    first += f"; silent alteration grows for {silent:,}" if silent else ""
    first += "; nobody is told less" if changed and not (less or silent) else ""
    more = [
        f"for {count:,} {words}"
        for kind, words in _BESIDES.items()
        if (count := len({case for each in diff.policies for c in each.changes if c.kind == kind for case in c.cases}))
    ]
    rest = "; ".join(more)
    return f"{first}.**" + (f" {_capital(rest)}." if rest else "")


def _policies(diff: Diff, room: _Room) -> list[str]:
    """A row for each policy under which something changes, and a column for each way that occurs."""
    changed = [each for each in diff.policies if each.changes]
    if not changed:
        return []
    kinds = [kind for kind in CLASSES if kind == "told less" or any(each.count(kind) for each in changed)]
    silent = any(each.silent for each in changed)
    head = ["policy", "requests that change", *(["silent grows"] if silent else []), *(_SHORT[kind] for kind in kinds)]

    def cells(each: PolicyDiff) -> list[str]:
        names = dict.fromkeys(code(clip(name, _NAME)) for name in (each.old, each.new))
        counts = [f"{each.silent:,}"] if silent else []
        return [
            " → ".join(names),
            f"{each.count():,} of {each.cases:,}",
            *counts,
            *(f"{each.count(k):,}" for k in kinds),
        ]

    lines = table(head, map(cells, changed), frozenset(range(1, len(head))))
    shown = room.all_that_fit([line] for line in lines)
    more = len(lines) - len(shown)
    return ["", *chain(*shown), *(["", f"and {plural(more, 'more policy')}"] if more else [])]


def _summary(others: Sequence[Transition]) -> str:
    """What is in the fold: how many transitions of each class."""
    counts = {kind: sum(one.kind == kind for one in others) for kind in CLASSES}
    words = ", ".join(f"{count:,} {_SHORT[kind]}" for kind, count in counts.items() if count)
    return f"{plural(len(others), 'more transition')} ({words})"


def _facts(diff: Diff, told: set[str], room: _Room) -> list[str]:
    """What the facts say that stand by their number alone so far."""
    rest = [fact for name, fact in diff.facts.items() if name not in told]
    blocks = [[transition.fact(each)] for each in rest]
    return _listed(f"{plural(len(rest), 'more fact')}, and whose word it is", blocks, "fact", room)


def _listed(summary: str, blocks: Sequence[Sequence[str]], word: str, room: _Room) -> list[str]:
    """Blocks of a list in a fold, as many as there is room for, and how many more there are."""
    shown = room.all_that_fit(blocks)
    if not shown:
        return ["", f"{_capital(summary)}."] if blocks else []
    more = len(blocks) - len(shown)
    return ["", *fold(summary, [*chain(*shown), *([f"- and {plural(more, f'more {word}')}"] if more else [])])]


def _left_out(diff: Diff, room: _Room) -> list[str]:
    """What the comparison lacks, where a reader cannot miss it."""
    lines = []
    if diff.left_out:
        names = room.names(diff.left_out)
        lines += ["", f"> **Left out, since not valid:** {names}. `policy-preview validate` tells why."]
    if diff.policies_removed:
        lines += ["", f"> **Policies removed:** {room.names(diff.policies_removed)}. Their requests are not compared."]
    return lines


def _came_and_went(diff: Diff, room: _Room) -> list[str]:
    lines = []
    for names, word, what in (
        (diff.policies_added, "policy", "added"),
        (diff.cases_added, "case", "added"),
        (diff.cases_removed, "case", "removed or retired"),
    ):
        with room.part(8) as some:
            lines += some.fold_of_names(f"{plural(len(names), word)} {what}", names)
    return lines


def _relabelled(diff: Diff, room: _Room) -> list[str]:
    moves: dict[str, list[Relabelled]] = {}
    for one in diff.relabelled:
        moves.setdefault(one.case, []).append(one)
    blocks = [_labels(name, every) for name, every in moves.items()]
    return _listed(f"labels changed: {plural(len(moves), 'case')}", blocks, "case", room)


def _labels(name: str, moves: Sequence[Relabelled]) -> list[str]:
    """A case's labels before and after, and what each policy makes of them now."""
    before, after = (inline(clip(words, 400)) for words in labelled(*moves[0].labels))
    lines = [f"- {code(clip(name, _NAME))}: {before} → {after}"]
    for one in moves:
        if {one.before, one.after} != {NOT_COVERED}:
            moved = list(dict.fromkeys(map(transition.outcomes, (one.before, one.after))))
            still = "still " if len(moved) == 1 else ""
            lines.append(f"  - under {code(clip(one.policy, _NAME))}: {still}{' → '.join(moved)}")
    return lines


def _missing(every: Sequence[Transition], names: int, sides: Sequence[str]) -> list[str]:
    """What had no room, and the command that shows it."""
    parts = [plural(len(every), "transition")] if every else []
    names += sum(len(one.cases) for one in every)
    parts += [plural(names, "name")] if names else []
    words = shlex.join(["policy-preview", "diff", *sides, "--format", "json"])
    command = words if len(words) <= _NAME else "policy-preview diff ... --format json"
    return ["", f"**Not shown here, for length:** {' and '.join(parts)}; {code(command)} tells all."] if parts else []


def _legend(every: Sequence[Transition]) -> str:
    """What the marks mean that stand above, and which version wrote this."""
    words = " ".join(f"{change.before} {change.after}" for one in every for change in one.changes)
    marks = ", ".join(f"{mark} {word}" for word, mark in MARKS.items() if f"{word}-" in words)
    return f"<sub>{f'Is the user told: {marks}. ' if marks else ''}policy-preview {__version__}</sub>"
