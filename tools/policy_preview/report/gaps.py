"""What would have to be settled, as text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from ..gaps import KINDS, Gap, Hang
from ..workspace import Workspace
from .ink import Ink, head, outcomes
from .layout import fill, listed, plural

_HEADS = {
    "gap": "questions that the texts leave open, to be put to a provider",
    "discretion": "left to the provider, by the word of the text: by what rule?",
    "condition": "hangs on something that no label of a request shows",
    "conflict": "safeguards that would end a request in different words: which goes first?",
}


def text(workspace: Workspace, found: Sequence[Gap], whole: bool) -> str:
    """By kind, first what decides most; `whole`: with the cases and, for each policy, what each answer decides."""
    if not found:
        return "nothing is open: every case is decided\n"
    blocks = []
    for kind in KINDS:
        gaps = [gap for gap in found if gap.kind == kind]
        if gaps:
            blocks.append(fill([head(_HEADS[kind]), f" ({len(gaps):,})"], rest="  "))
            blocks += [_gap(workspace, gap, whole) for gap in gaps]
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _gap(workspace: Workspace, gap: Gap, whole: bool) -> list[str]:
    first = gap.hangs[0]
    name = "+".join(gap.key)
    if gap.kind != "gap" or not gap.key[0].startswith("Q-"):
        name = f"{first.policy}: {name}"
    lines = fill([head(name)], "  ", "    ")
    names = {case for hang in gap.hangs for case in hang.cases}
    policies = [hang.policy for hang in gap.hangs]
    under = f" under {', '.join(policies)}" if gap.kind == "gap" else ""
    verb = "hangs" if len(names) == 1 else "hang"
    lines += fill(f"{plural(len(names), 'case')} {verb} on it{under}; {_settles(gap)}", "    ", "      ")
    if gap.kind != "gap":
        lines += fill(f"at {', '.join(first.clauses)}", "    ", "      ")
    for key in gap.key:
        entries = workspace.known("question").get(key, [])
        words = [entry.data.get("question", "") for entry in entries if entry.data is not None]
        lines += fill(f"{key}: {words[0]}" if len(gap.key) > 1 else words[0], "    ", "      ") if words else []
    for hang in gap.hangs if whole else ():
        lines += _hang(hang)
    return lines


def _settles(gap: Gap) -> str:
    """What an answer decides, over all policies: a case counts for each of their surfaces."""
    total = plural(gap.requests, "request")
    if not gap.most:
        return f"no answer alone decides any of {total}"
    some = f"{gap.least:,}" if gap.least == gap.most else f"{gap.least:,} to {gap.most:,}"
    return f"an answer decides {some} of {total}"


def _hang(hang: Hang) -> list[str]:
    ways = list[str | Ink]()
    for way in hang.ways:
        count = f": decides {way.requests:,} of {plural(hang.requests, 'request')}"
        ways += [*(["; "] if ways else []), *outcomes(way.way), count]
    lines = fill(f"{hang.policy}, at {', '.join(hang.clauses)}", "    ", "      ")
    lines += fill(ways, "      ", "        ")
    return lines + fill(f"{plural(len(hang.cases), 'case')}: {listed(hang.cases)}", "      ", "        ")
