"""What looking came to, as lines of JSON and back: what it is about, then all under spec/, then each file of cases."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .core import Place
from .findings import Finding
from .looked import Ground, Head, Line, Lines, Looked, Scope

_FORMAT = "policy-preview/cache/1"


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a workspace came to. `about`: what must be alike for it to be worth anything."""

    about: tuple[str, ...]
    ground: Ground
    looked: Mapping[str, Looked]

    def lines(self) -> Iterator[bytes]:
        """As lines of JSON, in ASCII."""
        yield _line([_FORMAT, *self.about])
        yield _line(_of_ground(self.ground))
        for name, each in self.looked.items():
            yield _line(_of_looked(name, each))

    @classmethod
    def of(cls, body: bytes, about: tuple[str, ...]) -> Remembered | None:
        """What `lines` gave; None where it is about something else. Raises nothing for what `lines` gave."""
        first, *rest = body.splitlines()
        if json.loads(first) != [_FORMAT, *about]:
            return None
        ground, *files = map(json.loads, rest)
        return cls(about, _ground(ground), dict(map(_looked, files)))


def _line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"


def _of_looked(name: str, it: Looked) -> list[Any]:
    ids = [part for pair in it.head.ids for part in pair]
    texts = b"".join(it.head.texts).hex()
    rest = [_of_findings(it.findings), _of_scopes(it.scopes), _of_lines(it.lines)] if it.findings or it.scopes else []
    return [name, it.digest, it.valid, it.cases, ids, texts, *rest]


def _looked(found: list[Any]) -> tuple[str, Looked]:
    name, digest, valid, cases, ids, texts, *rest = found
    raw = bytes.fromhex(texts)
    pairs = tuple(zip(ids[::2], ids[1::2], strict=True))
    head = Head(name, pairs, tuple(raw[at : at + 16] for at in range(0, len(raw), 16)))
    if not rest:
        return name, Looked(digest, head, valid, cases)
    return name, Looked(digest, head, valid, cases, _findings(rest[0]), _scopes(rest[1]), _lines(rest[2]))


def _of_ground(it: Ground) -> list[Any]:
    counts = [[name, *both] for name, both in it.counts.items()]
    scopes = [[name, _of_scopes(each)] for name, each in it.scopes.items()]
    return [it.digest, counts, list(it.broken), _of_findings(it.findings), scopes, _of_lines(it.lines)]


def _ground(found: list[Any]) -> Ground:
    digest, counts, broken, findings, scopes, lines = found
    return Ground(
        digest,
        {name: (policies, facts) for name, policies, facts in counts},
        tuple(broken),
        _findings(findings),
        {name: _scopes(each) for name, each in scopes},
        _lines(lines),
    )


def _of_place(it: Place) -> list[Any]:
    return [it.file, it.line, it.column, it.length]


def _of_findings(found: tuple[Finding, ...]) -> list[Any]:
    return [
        [_of_place(it.place), it.code, it.message, it.hint, [[_of_place(place), words] for place, words in it.related]]
        for it in found
    ]


def _findings(found: list[Any]) -> tuple[Finding, ...]:
    return tuple(
        Finding(Place(*place), code, message, hint, tuple((Place(*other), words) for other, words in related))
        for place, code, message, hint, related in found
    )


def _of_scopes(found: Any) -> list[Any]:
    return [[it.first, it.last, it.errors, [[code, _of_place(place)] for code, place in it.allows]] for it in found]


def _scopes(found: list[Any]) -> tuple[Scope, ...]:
    return tuple(
        Scope(first, last, tuple((code, Place(*place)) for code, place in allows), errors)
        for first, last, errors, allows in found
    )


def _of_lines(found: Lines) -> list[Any]:
    return [[file, number, line.text, line.under] for (file, number), line in found.items()]


def _lines(found: list[Any]) -> Lines:
    return {(file, number): Line(text, under) for file, number, text, under in found}
