"""What changes for requests, as text for a terminal. Worst first."""

from __future__ import annotations

from collections.abc import Sequence

from ..classes import CLASSES
from ..core import NOT_COVERED, Labels
from ..diff import Change, Diff, PolicyDiff
from .ink import RED, Ink, head, outcomes, told
from .layout import fill, listed, plural

# What each class of change means for people.
HEADS = {
    "told less": "users would be told less",
    "answer to altered": "answers would be altered that were not, or not surely",
    "decided to open": "what was decided would be open",
    "told more": "users would be told more",
    "otherwise": "otherwise changed",
    "detail": "same outcome, other detail",
}


def text(diff: Diff) -> str:
    """The sentence first, then each policy's changes by class, then cases and labels."""
    changed = [_policy(each) for each in diff.policies if each.changes]
    top = fill([head(f"{diff.old} -> {diff.new}")], rest="  ")
    blocks = changed if [(one.old, one.new) for one in diff.policies] == [(diff.old, diff.new)] else [top, *changed]
    if not changed:
        compared = " in what could be compared" if diff.left_out or diff.policies_removed else ""
        blocks = [top, ["nothing could be compared" if diff.unknown else f"no case changes{compared}"]]
    for words, names in (
        ("policies added", diff.policies_added),
        ("policies removed", diff.policies_removed),
        ("cases added", diff.cases_added),
        ("cases removed or retired", diff.cases_removed),
    ):
        blocks += [fill(f"{words}: {listed(names)}", rest="  ")] if names else []
    blocks += [_relabelled(diff)] if diff.relabelled else []
    left_out = [line for name in diff.left_out for line in fill(f"left out, since it is not valid: {name}", rest="  ")]
    blocks += [left_out] if left_out else []
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def telling(change: Change) -> tuple[str, ...]:
    """Whether the user is told, before and after, or one word where that stays; none where nothing is left to tell."""
    return tuple(dict.fromkeys(word for word in change.told if word != "-")) if change.told[1] != "-" else ()


def _relabelled(diff: Diff) -> list[str]:
    names = list(dict.fromkeys(one.case for one in diff.relabelled))
    lines = [f"labels changed: {plural(len(names), 'case')}"]
    for name in names:
        moves = [one for one in diff.relabelled if one.case == name]
        lines += fill(f"{name}: {' -> '.join(labelled(*moves[0].labels))}", "  ", "    ")
        for one in moves:
            if {one.before, one.after} != {NOT_COVERED}:
                moved = outcomes(f"{one.before} -> {one.after}" if one.before != one.after else f"still {one.after}")
                lines += fill([f"under {one.policy}: ", *moved], "    ", "      ")
    return lines


def labelled(old: Labels, new: Labels) -> tuple[str, str]:
    """Two labels in words: the facets, and span and mode where they differ."""
    sides = []
    for labels, other in ((old, new), (new, old)):
        words = [" and ".join(f"{f.category}/{f.topic} {f.risk}" for f in labels.facets)]
        words += [labels.span] if labels.span != other.span else []
        words += [labels.mode] if labels.mode != other.mode else []
        sides.append(", ".join(words))
    return sides[0], sides[1]


def _policy(diff: PolicyDiff) -> list[str]:
    name = diff.new if diff.old == diff.new else f"{diff.old} -> {diff.new}"
    changed, untold = diff.count(), diff.count("told less")
    words = f": {changed:,} of {plural(diff.cases, 'request')} {'changes' if changed == 1 else 'change'}"
    parts: list[str | Ink] = [head(name), words]
    parts += ["; ", Ink("silent alteration grows", RED), f" for {diff.silent:,}"] if diff.silent else []
    parts += [f"; for {untold:,} the user is ", Ink("told less", RED), " than before"] if untold else []
    lines = fill(parts, rest="  ")
    for kind in CLASSES:
        groups = [group for group in diff.groups() if group[0].kind == kind]
        if groups:
            names = {case for group in groups for case in group[0].cases}
            lines += ["", *fill([head(HEADS[kind]), f": {plural(len(names), 'case')}"], "  ", "    ")]
            lines += [line for group in groups for line in _group(group)]
    return lines


def _group(changes: Sequence[Change]) -> list[str]:
    first = changes[0]
    lines = fill(f"{plural(len(first.cases), 'case')}: {listed(first.cases)}", "    ", "      ")
    lines += fill(f"by {', '.join(first.rows)}", "      ", "        ")
    for change in changes:
        moved = change.after if change.before == change.after else f"{change.before} -> {change.after}"
        parts = [f"{', '.join(change.where)}: ", *outcomes(moved)]
        if words := telling(change):
            old, *new = words
            parts += ["; told ", told(old), *(part for word in new for part in (" -> ", told(word)))]
        lines += fill(parts, "      ", "        ")
        lines += [line for each in change.detail for line in fill(each, "        ", "          ")]
    effects = dict.fromkeys(effect for change in changes for effect in change.effects)
    evidence = dict.fromkeys(fact for change in changes for fact in change.evidence)
    lines += fill(f"effects {', '.join(effects)}", "      ", "        ") if effects else []
    return lines + (fill(f"evidence {', '.join(evidence)}", "      ", "        ") if evidence else [])
