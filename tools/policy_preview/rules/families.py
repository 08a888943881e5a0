"""PP304, PP309, PP312 to PP314, PP322: what the members of a family share, so that only the pivot tells them apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from ..build import Case
from ..core import Place
from ..findings import Finding, Map, place_of, rule, shown
from ..workspace import Workspace
from .cases import families
from .places import Spots, Text, text_place, visible

_OPEN, _CLOSE = r"\[\uff3b\u3010", r"\]\uff3d\u3011"  # also the wide brackets of Japanese texts
_MARK = re.compile(rf"[{_OPEN}]\s*withheld\b[^{_OPEN}{_CLOSE}\n]*[{_CLOSE}]?", re.IGNORECASE)
_GOOD = re.compile(r"\[withheld: ([^\s\]][^\]]*)\]")
_HAZARD = 2
_MOST = 20


def _has_bracket(text: str) -> bool:
    """Whether a mark can be in a text: sooner told than by looking for one."""
    return "[" in text or "\uff3b" in text or "\u3010" in text


def _live(workspace: Workspace) -> Iterator[tuple[Map, list[Case]]]:
    """Every family with at least one case in use, and those cases."""
    for family, members in families(workspace):
        used = [case for case in members if not case.retired]
        if used:
            yield family, used


@rule("PP304", stage="family")
def no_contrast(workspace: Workspace) -> Iterator[Finding]:
    """The cases of a family differ in a fact that moves a label. Where all labels are alike, it shows no contrast."""
    for family, used in _live(workspace):
        if len(used) > 1 and len({case.labels for case in used}) == 1:
            related = tuple((place_of(case.data, ["risk"]), case.id) for case in used)
            message = f"all {len(used)} cases of {shown(family['family'])} carry the same labels"
            hint = "change one fact in one of them so that its risk, topic, span or mode moves, or keep one case alone"
            yield Finding(place_of(family, ["family"]), "PP304", message, hint, related)


@rule("PP309", stage="family")
def unequal_length(workspace: Workspace) -> Iterator[Finding]:
    """Members of one language have about one length, at most a quarter apart: length must not give the label away.

    Counted in characters of what a reader sees. The finding stands at the longest.
    """
    for _, used in _live(workspace):
        for lang in dict.fromkeys(case.lang for case in used):
            texts = sorted((case for case in used if case.lang == lang and case.text), key=lambda case: len(case.text))
            if texts and 4 * len(texts[-1].text) > 5 * len(texts[0].text):
                short, long = texts[0], texts[-1]
                message = (
                    f"{shown(long.id)} has {len(long.text):,} characters, {shown(short.id)} {len(short.text):,}: "
                    "more than a quarter apart"
                )
                hint = "bring the two to about one length, so that length does not tell the label"
                yield Finding(text_place(long), "PP309", message, hint, ((text_place(short), "the shortest"),))


@rule("PP312", stage="family")
def unequal_redaction(workspace: Workspace) -> Iterator[Finding]:
    """What is withheld in one member is withheld in all, in the same order and of the same kind.

    Otherwise the mark, or its absence, tells the members apart. Compared with what most members have.
    """
    spots = Spots(workspace)
    for _, used in _live(workspace):
        marks = {case.id: _marks(case) for case in used}
        kinds = {case.id: tuple(kind for kind, *_ in marks[case.id]) for case in used}
        usual, _ = Counter(kinds.values()).most_common(1)[0]
        model = next(case for case in used if kinds[case.id] == usual)
        for case in used:
            index = _first_difference(kinds[case.id], usual, case.lang == model.lang)
            if index is None:
                continue
            here = marks[case.id]
            place = _stands(here[index], spots) if index < len(here) else text_place(case)
            there = _stands(marks[model.id][index], spots) if index < len(usual) else text_place(model)
            message = f"{shown(case.id)} withholds {_said(kinds[case.id])}, {shown(model.id)} {_said(usual)}"
            yield Finding(
                place, "PP312", message, "withhold the same at the same place in every member", ((there, model.id),)
            )


@rule("PP313", stage="family")
def malformed_mark(workspace: Workspace) -> Iterator[Finding]:
    """What is withheld is marked one way, `[withheld: kind]`, so that marks can be found and compared."""
    spots = Spots(workspace)
    for case in workspace.cases.values():
        for text in visible(case) if _has_bracket(case.text) else ():
            bad = (match for match in _MARK.finditer(text.value) if not _GOOD.fullmatch(match[0]))
            for match in islice(bad, _MOST):  # more of one kind in one text tell nobody anything
                place = spots.at(text.place, text.value, match.start(), len(match[0]))
                hint = "name only the kind of thing: `[withheld: agent]`, with a colon and one space"
                message = f"{shown(match[0])} does not say what kind of thing is withheld"
                yield Finding(place, "PP313", message, hint)


@rule("PP314", stage="family")
def unredacted_hazard(workspace: Workspace) -> Iterator[Finding]:
    """From hazard 2 on a real text of the kind would hold details that help to do harm: here they are withheld.

    Where other members of the family are redacted, PP312 tells it.
    """
    for _, used in _live(workspace):
        if any(map(_marks, used)):
            continue
        for case in used:
            hazard = case.data.get("hazard", 0)
            if hazard >= _HAZARD:
                hint = "write `[withheld: kind]` for the detail, at the same place in every member; or lower the hazard"
                message = f"hazard {hazard}, and nothing in the text is withheld"
                yield Finding(place_of(case.data, ["hazard"]), "PP314", message, hint)


_Mark = tuple[str, Text, re.Match[str]]


def _marks(case: Case) -> list[_Mark]:
    """The kinds withheld in a case, in order, with the marks; a malformed mark has no kind."""
    found = []
    for text in visible(case) if _has_bracket(case.text) else ():
        for match in _MARK.finditer(text.value):
            good = _GOOD.fullmatch(match[0])
            found.append((good[1] if good else "", text, match))
    return found


def _stands(mark: _Mark, spots: Spots) -> Place:
    _, text, match = mark
    return spots.at(text.place, text.value, match.start(), len(match[0]))


def _first_difference(here: tuple[str, ...], usual: tuple[str, ...], one_language: bool) -> int | None:
    """Where two sequences of kinds part; a malformed mark, told elsewhere, is taken for any kind."""
    for index, (one, other) in enumerate(zip(here, usual, strict=False)):
        if one_language and one and other and one != other:
            return index
    return min(len(here), len(usual)) if len(here) != len(usual) else None


def _said(kinds: tuple[str, ...]) -> str:
    return ", ".join(shown(kind or "?") for kind in kinds[:4]) + (" ..." if len(kinds) > 4 else "") or "nothing"


@rule("PP322", stage="family")
def without_the_canary(workspace: Workspace) -> Iterator[Finding]:
    """Where the taxonomy gives a canary, every family carries it, letter by letter.

    Whoever gathers texts for training can then leave the cases out, and somebody can tell whether they did.
    """
    canary = workspace.taxonomy.get("canary", "") if workspace.taxonomy else ""
    for _, data in workspace.of("family") if canary else ():
        if data.get("canary") != canary:
            has = "canary" in data
            message = f"{shown(data['family'])} carries {'another canary than the taxonomy' if has else 'no canary'}"
            yield Finding(
                place_of(data, ["canary"] if has else ["family"]), "PP322", message, f"write canary: {canary}"
            )
