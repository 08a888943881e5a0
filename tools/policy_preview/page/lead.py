"""What a policy does, what comes of it and what it leaves open, each as a paragraph made from its data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..core import Effect
from ..findings import Map
from ..report.layout import plural, share
from ..report.preview import period
from .document import Document, Part

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
    silent = (
        f"silently for {sure:,} for sure and for {one.exposed - sure:,} more perhaps"
        if one.exposed
        else "never silently"
    )
    words = (
        f"Of the {plural(one.covered, 'example request')} here that it speaks about, on {one.surface} as "
        f"{one.standing}, it alters the answer to {one.altered['yes']:,} for sure and to {one.altered['maybe']:,} more "
        f"perhaps; {silent}."
    )
    for other in document.elsewhere:
        words += f" As {other.standing} it alters silently, or may, {share(other.exposed, other.covered)}."
    return (
        f"{words} The text settles both what happens and whether the user is told for "
        f"{share(one.decided, one.covered)}. The requests were written for such a report: a share of them says nothing "
        "about real traffic."
    )


def left_open(document: Document, questions: Mapping[str, Map]) -> str:
    """The question that would settle most; empty where none leaves a case open."""
    one = document.summary
    gaps = [(cause, n) for cause, n in one.causes if cause.kind == "gap" and set(cause.key) <= set(questions)]
    if not gaps:
        return ""
    cause, count = gaps[0]
    asked = " ".join(str(questions[key].get("question", "")).strip() for key in cause.key)
    return (
        f"Of the {plural(one.covered - one.decided, 'request')} that the text leaves open, {count:,} hang on "
        f"{' and '.join(cause.key)}: {asked}"
    )


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
    every = document.policy.surfaces
    for visibility, tells in _TELLS.items():
        acts: dict[str, dict[tuple[str, ...], dict[str, None]]] = {}
        notes: dict[str, None] = {}
        for part in document.parts:
            for does in part.does:
                told, _, response = does.word.rpartition("-")
                if told == visibility:
                    acts.setdefault(response, {}).setdefault(does.surfaces, {})[part.safeguard.id] = None
                    notes.update(dict.fromkeys(_notes(part, does.word)) if visibility == "silent" else {})
        words = [
            f"{_ACTS[response]} ({'; '.join(_where(names, some, every) for some, names in places.items())})"
            for response, places in acts.items()
        ]
        if words:
            yield " ".join([f"{tells}, it may {_and(words, 'or')}.", *notes])


def _where(names: Iterable[str], surfaces: Sequence[str], every: Sequence[str]) -> str:
    return _and(names) if len(surfaces) == len(every) else f"{_and(names)} on {', '.join(surfaces)}"


def _notes(part: Part, word: str) -> Iterator[str]:
    """What its author says beside an effect that is silent: how sure the text is."""
    for effect in part.effects:
        if isinstance(effect.it, Effect) and effect.note and [body.word for body in effect.it.bodies] == [word]:
            yield effect.note.strip()


def _and(words: Iterable[str], last_word: str = "and") -> str:
    *rest, last = words
    return f"{', '.join(rest)} {last_word} {last}" if rest else last
