"""One transition in Markdown: how many requests go from what to what, where, by which clauses, on whose word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..diff import Change, Diff, Fact, PolicyDiff
from .diff import HEADS, telling
from .layout import MARKS, clip, plural
from .markdown import code, inline, link, table

_ROWS, _CLAUSES, _FACTS, _PLACES, _OUTCOMES = 8, 6, 5, 8, 8  # of each told; of what is more, how many
_IDS, _NAME, _LINE, _URL = 30, 120, 240, 1000


@dataclass(frozen=True, slots=True)
class Transition:
    """The same requests changing alike by the same rows, on several surfaces perhaps: a change for each."""

    policy: PolicyDiff
    changes: tuple[Change, ...]

    @property
    def kind(self) -> str:
        return self.changes[0].kind

    @property
    def cases(self) -> tuple[str, ...]:
        return self.changes[0].cases

    @property
    def evidence(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(fact for change in self.changes for fact in change.evidence))


def whole(one: Transition, number: int, several: bool, diff: Diff, told: set[str]) -> list[str]:
    """With what its evidence says. `told`: the facts that were told before it; those told here are added."""
    new = [name for name in one.evidence if name not in told and name in diff.facts][:_FACTS]
    told.update(new)
    also = ", ".join(_ids([name for name in one.evidence if name not in new]))
    on = "; the evidence:" if new else f", on {also}." if also else "."
    facts = [fact(diff.facts[name]) for name in new] + ([f"- also {also}"] if new and also else [])
    return [*_head(one, number, several), "", f"By {_clauses(one, diff)}{on}", *(["", *facts] if facts else [])]


def short(one: Transition, number: int, several: bool, diff: Diff) -> list[str]:
    """With the numbers of its evidence alone."""
    facts = ", ".join(_ids(one.evidence))
    return [*_head(one, number, several), "", f"By {_clauses(one, diff)}{f', on {facts}' if facts else ''}."]


def _ids(facts: Sequence[str]) -> list[str]:
    return [inline(clip(name, _NAME)) for name in facts[:_IDS]] + (
        [f"{len(facts) - _IDS:,} more"] * (len(facts) > _IDS)
    )


def fact(one: Fact) -> str:
    """An item of a list: its number, whose word it is and of when, what it says, and where to read it."""
    about = ", ".join(filter(None, (one.kind.replace("-", " "), one.date[:10])))
    words = f"- **{inline(one.id)}** ({inline(about)}): {inline(clip(one.statement, _LINE))}"
    source = link(clip(one.title, 70), clip(one.url, _URL)) if one.title else ""
    return f"{words} {source}{f', {inline(clip(one.author, 60))}' if one.author else ''}".rstrip()


def outcomes(words: str) -> str:
    """The outcomes that the text leaves possible, each part with the mark of its visibility."""
    every = words.split(" | ")
    shown = [" + ".join(map(_marked, each.split("+"))) for each in every[:_OUTCOMES]]
    more = [f"{len(every) - _OUTCOMES} more"] if len(every) > _OUTCOMES else []
    return " or ".join(shown + more)


def _marked(word: str) -> str:
    mark = MARKS.get(word.rpartition("-")[0], "")
    return f"{mark}\u00a0{code(clip(word, _NAME))}" if mark else code(clip(word, _NAME))


def _head(one: Transition, number: int, several: bool) -> list[str]:
    under = f", under {code(clip(one.policy.new, _NAME))}" if several else ""
    words = HEADS[one.kind]
    lines = [f"**{number}. {words[0].upper()}{words[1:]}: {plural(len(one.cases), 'request')}**{under}", ""]
    lines += table(("where", "before", "after", "user told"), map(_row, one.changes[:_ROWS]))
    more = len(one.changes) - _ROWS
    lines += ["", f"and on other surfaces {more:,} more"] if more > 0 else []
    details = list(dict.fromkeys(each for change in one.changes for each in change.detail))
    lines += [""] if details else []
    lines += [
        f"- {'gone' if each.startswith('-') else 'new'}: {code(clip(each[2:], _LINE))}" for each in details[:_ROWS]
    ]
    return lines + ([f"- and {len(details) - _ROWS:,} more"] if len(details) > _ROWS else [])


def _row(change: Change) -> Sequence[str]:
    where = [inline(clip(place, 60)) for place in change.where[:_PLACES]]
    where += [f"{len(change.where) - _PLACES:,} more"] if len(change.where) > _PLACES else []
    told = " → ".join(inline(clip(word, _NAME)) for word in telling(change))
    after = "the same" if change.before == change.after else outcomes(change.after)
    return ", ".join(where), outcomes(change.before), after, told or "-"


def _clauses(one: Transition, diff: Diff) -> str:
    """Rows, then effects, each with the file and line where it stands."""
    rows, policy = one.changes[0].rows, one.policy.new
    effects = tuple(dict.fromkeys(effect for change in one.changes for effect in change.effects))
    named = list(_named([*rows[:_CLAUSES], *effects[:_CLAUSES]], policy, diff))
    shown = min(len(rows), _CLAUSES)
    parts = [", ".join(named[:shown]) + _more(rows)]
    if effects:
        parts.append(f"with {'effect' if len(effects) == 1 else 'effects'} {', '.join(named[shown:])}{_more(effects)}")
    return ", ".join(parts)


def _more(clauses: Sequence[str]) -> str:
    return f" and {len(clauses) - _CLAUSES:,} more" if len(clauses) > _CLAUSES else ""


def _named(clauses: Sequence[str], policy: str, diff: Diff) -> Iterator[str]:
    """A clause as code with its place, its file once for clauses in turn; a reason that is no clause in words."""
    file = ""
    for clause in clauses:
        place = diff.places.get(f"{policy}/{clause}")
        if place is None:
            yield inline(clip(clause, _NAME))
        else:
            at = f"line {place.line}" if place.file == file else code(f"{clip(place.file, _NAME)}:{place.line}")
            yield f"{code(clip(clause, _NAME))} ({at})"
            file = place.file
