"""Small policies, requests for them, and what the resolver says of them, in few words for the tests."""

from __future__ import annotations

from policy_preview.core import Body, Disclosure, Effect, Facet, Labels, Policy, Resolution, Row, Safeguard

CYBER = Facet("cyber", "intrusion-detection", "benign")
BIO = Facet("bio-chem", "toxins", "benign")


def row(id: str, then: str, question: str = "", *, depends: str = "", **match: str | tuple[str, ...]) -> Row:
    """A row; `question` holds one or several, with blanks between them; `match` a value or several for a label."""
    found = {name: (value,) if isinstance(value, str) else value for name, value in match.items()}
    return Row(id, found, then, tuple(question.split()), depends)


def body(word: str, question: str = "", **detail: str) -> Body:
    """A body from `visibility-response`."""
    visibility, _, response = word.rpartition("-")
    return Body(response, visibility, tuple(sorted(detail.items())), tuple(question.split()))


def effect(
    words: str, question: str = "", *, id: str = "e", on: str = "app api", to: str = "", depends: str = ""
) -> Effect:
    """An effect: several words with blanks between them are its options; `on` its surfaces, `to` its standings."""
    bodies = tuple(body(word, question) for word in words.split())
    return Effect(id, tuple(on.split()), tuple(to.split()), bodies, tuple(question.split()), depends)


def guard(id: str, rows: Row | list[Row] | str, effects: Effect | list[Effect] | str) -> Safeguard:
    """A safeguard; a word in place of its rows is the `then` of a row for all, one in place of its effects its word."""
    rows = [row("r", rows)] if isinstance(rows, str) else [rows] if isinstance(rows, Row) else rows
    effects = [effect(effects)] if isinstance(effects, str) else [effects] if isinstance(effects, Effect) else effects
    return Safeguard(id, id.title(), tuple(rows), tuple(effects))


def policy(*safeguards: Safeguard, precedence: str = "") -> Policy:
    return Policy(
        id="small",
        title="A small policy",
        status="on-record",
        provider="acme",
        subject=("any",),
        covers=("cyber", "bio-chem", "none"),
        surfaces=("app", "api"),
        standings=("general", "verified"),
        safeguards=safeguards,
        precedence=tuple(precedence.split()),
    )


def ask(*facets: Facet, surface: str = "", standing: str = "", span: str = "request", mode: str = "chat") -> Labels:
    return Labels(facets or (CYBER,), span, mode, surface, standing)


def told_on(date: str, by: str = "provider") -> tuple[Disclosure, ...]:
    return (Disclosure(date, by, "a page", ("F-100",)),)


def why(found: Resolution) -> list[str]:
    """The causes as `kind key @ clauses`."""
    return [f"{cause.kind} {' '.join(cause.key)} @ {' '.join(cause.clauses)}" for cause in found.causes]
