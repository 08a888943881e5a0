"""What a policy does, as one paragraph made from its data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

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


def lead(document: Document, questions: Mapping[str, Map]) -> str:
    """Who, when and about what; how many safeguards do what and tell whom; what comes of it for the cases."""
    return " ".join([_head(document), *_acts(document.parts), *_cases(document), *_open(document, questions)])


def _head(document: Document) -> str:
    policy, data = document.policy, document.data
    models = "any model" if "any" in policy.subject else _and(policy.subject)
    if policy.status == "on-record":
        when = period(policy.start, policy.until)
        who = f"Written policy of {policy.provider} for {models}" + (f", in force {when}" if when else "")
    else:
        kind = "A draft" if policy.status == "proposed" else "A what-if"
        base = f", a change to {policy.based_on}" if policy.based_on else ""
        who = f"{kind} by {data.get('author', policy.provider)}, {data.get('published', '')}, for {models}{base}"
    return f"{who}. It speaks about {_and([c for c in policy.covers if c != 'none'])}."


def _acts(parts: Sequence[Part]) -> Iterator[str]:
    """A sentence for each degree of telling, silence first: what is done, and by which safeguards."""
    yield f"It has {plural(len(parts), 'safeguard')}."
    for visibility, tells in _TELLS.items():
        acts: dict[str, dict[str, None]] = {}
        for part in parts:
            for does in part.does:
                told, _, response = does.word.rpartition("-")
                if told == visibility:
                    acts.setdefault(response, {})[part.safeguard.id] = None
        if acts:
            words = [f"{_ACTS[response]} ({', '.join(names)})" for response, names in acts.items()]
            yield f"{tells}, it may {_and(words, 'or')}."


def _cases(document: Document) -> Iterator[str]:
    one = document.summary
    if not one.covered:
        yield "None of the cases is in what it speaks about."
        return
    yield (
        f"Of the {plural(one.covered, 'case')} here that it speaks about, on {one.surface} as {one.standing}, "
        f"it alters the answer to {one.altered['yes']:,} for sure and to {one.altered['maybe']:,} perhaps; to "
        f"{share(one.exposed, one.covered)} it does so silently, or may. It decides {share(one.decided, one.covered)}."
    )


def _open(document: Document, questions: Mapping[str, Map]) -> Iterator[str]:
    gaps = [
        (cause, n) for cause, n in document.summary.causes if cause.kind == "gap" and set(cause.key) <= set(questions)
    ]
    if gaps:
        cause, count = gaps[0]
        asked = " ".join(str(questions[key].get("question", "")) for key in cause.key)
        yield f"Most hangs on {' and '.join(cause.key)} ({plural(count, 'case')}): {asked}"


def _and(words: Iterable[str], last_word: str = "and") -> str:
    *rest, last = words
    return f"{', '.join(rest)} {last_word} {last}" if rest else last
