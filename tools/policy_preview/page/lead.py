"""What a policy does, what comes of it and what it leaves open, each as a paragraph made from its data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ..core import Effect
from ..findings import Map
from ..report.layout import plural, share
from ..report.preview import period
from .document import Document, Does, Part

_ACTS = {
    "fallback": "hand the request to another model",
    "refusal": "refuse the request",
    "denial": "give no access",
    "limit": "make the answer less effective",
    "rewrite": "alter the text of the answer",
    "hold": "let the answer wait for a check",
    "unspecified": "do something that the text does not name",
}
_TELLS = {
    "silent": "Without telling the user",
    "unspecified": "With nothing said of whether the user is told",
    "on-ask": "Telling the user only on asking",
    "afterwards": "Telling the user only afterwards",
    "visible": "Telling the user",
}


def lead(document: Document) -> str:
    """What it does, in one paragraph: who, when and about what; what is done, by which safeguards, and who is told."""
    return " ".join([_head(document), *_acts(document)])


def numbers(document: Document) -> str:
    """What comes of it for the cases."""
    one = document.summary
    if not one.covered:
        return "None of the cases is in what it speaks about."
    sure = document.altered.get(("never", "yes"), 0)
    words = (
        f"Of the {plural(one.covered, 'example request')} here that it speaks about, on {one.surface} as "
        f"{one.standing}, it alters the answer to {_some(one.altered['yes'])} for sure and to "
        f"{_some(one.altered['maybe'])} more perhaps; "
    )
    words += (
        f"silently for {_some(sure)} for sure and for {_some(one.exposed - sure)} more perhaps"
        if one.exposed
        else "it says of no answer that it is altered silently"
    )
    words += f"; for {one.unsaid:,} it does not say whether the user is told." if one.unsaid else "."
    for other in document.elsewhere:
        words += f" As {other.standing} it alters silently, or may, {share(other.exposed, other.covered)}."
    return (
        f"{words} The text settles both what happens and whether the user is told for "
        f"{share(one.decided, one.covered)}. The requests were written for such a report: a share of them says nothing "
        "about real traffic."
    )


def left_open(document: Document, questions: Mapping[str, Map]) -> str:
    """What most cases hang on, and the question that most hang on; empty where nothing leaves a case open."""
    one = document.summary
    if not one.causes:
        return ""
    (first, count), *_ = one.causes
    words = f"Of the {plural(one.covered - one.decided, 'request')} that it leaves open, "
    words += "" if first.kind != "gap" else "most hang on "
    gaps = [(cause.key, n) for cause, n in one.causes if cause.kind == "gap" and set(cause.key) <= set(questions)]
    if first.kind != "gap":
        what = {"discretion": "the provider's discretion", "condition": "a condition"}.get(first.kind, "a conflict")
        words += f"{count:,} hang on {what} ({', '.join(first.key)})"
        if not gaps:
            return f"{words}."
        words += "; of questions, most hang on "
    key, n = gaps[0] if gaps else (first.key, count)
    more = [f"{m:,} more on {' and '.join(k)}" for k, m in gaps[1:] if set(key) < set(k)]
    asked = " ".join(str(questions[each].get("question", "")).strip() for each in key if each in questions)
    words += f"{' and '.join(key)} ({n:,}{', and ' + ', '.join(more) if more else ''})"
    return f"{words}: {asked}"


def _some(count: int) -> str:
    return f"{count:,}" if count else "none"


def _head(document: Document) -> str:
    policy, data = document.policy, document.data
    models = "any model" if "any" in policy.subject else _and(policy.subject)
    if policy.status == "on-record":
        when = period(policy.start, policy.until)
        who = f"Written policy of {policy.provider} for {models}" + (f", in force {when}" if when else "")
    elif policy.status == "proposed":
        who = f"Proposed by {data.get('author', '')}, {data.get('published', '')}, read as if adopted, for {models}"
    else:
        base = f", a change to {policy.based_on}" if policy.based_on else ""
        who = f"A what-if by {data.get('author', '')}, {data.get('published', '')}, for {models}{base}"
    about = [category for category in policy.covers if category != "none"]
    about += ["requests outside these"] if len(about) < len(policy.covers) else []
    return f"{who}. It speaks about {_and(about)}." if about else f"{who}."


def _acts(document: Document) -> Iterator[str]:
    """A sentence for each degree of telling, silence first: what is done, where, and by which safeguards."""
    for visibility, tells in _TELLS.items():
        acts: dict[str, dict[Does, dict[str, None]]] = {}
        notes: dict[str, None] = {}
        for part in document.parts:
            for does in part.does:
                told, _, response = does.word.rpartition("-")
                if told == visibility:
                    acts.setdefault(response, {}).setdefault(does, {})[part.safeguard.id] = None
                    notes.update(dict.fromkeys(_notes(part, does.word)) if visibility == "silent" else {})
        words = [
            f"{_ACTS[response]} ({'; '.join(_where(names, does) for does, names in places.items())})"
            for response, places in acts.items()
        ]
        if words:
            yield " ".join([f"{tells}, it may {_and(words, 'or')}.", *notes])


def _where(names: Iterable[str], does: Does) -> str:
    on = "" if does.everywhere else f" on {', '.join(does.surfaces)}"
    return f"{_and(names)}{on}{', as ' + ', '.join(does.standings) if does.standings else ''}"


def _notes(part: Part, word: str) -> Iterator[str]:
    """What its author says beside an effect that is silent: how sure the text is."""
    for effect in part.effects:
        if isinstance(effect.it, Effect) and effect.note and [body.word for body in effect.it.bodies] == [word]:
            yield effect.note.strip()


def _and(words: Iterable[str], last_word: str = "and") -> str:
    *rest, last = words
    return f"{', '.join(rest)} {last_word} {last}" if rest else last
