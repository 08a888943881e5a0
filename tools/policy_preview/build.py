"""Checked data to data classes: policies and cases. Expects data that its schema accepts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .core import Body, Disclosure, Effect, Facet, Labels, Place, Policy, Row, Safeguard, Window
from .findings import Map, place_of

MATCHED = ("category", "topic", "risk", "span", "mode", "surface", "standing")
DETAIL = ("to", "methods", "notice", "signal", "lasts", "reach", "offers")


def policy(data: Map) -> Policy:
    """A policy from a file's data, overlay already applied."""
    shared = {effect["id"]: effect for effect in data.get("effects", ())}
    period = data.get("in_force", {})
    return Policy(
        id=data["id"],
        title=data["title"],
        status=data["status"],
        provider=data.get("provider") or data.get("author", ""),
        subject=tuple(data["subject"]),
        covers=tuple(data["covers"]),
        surfaces=tuple(data["surfaces"]),
        standings=tuple(standing["id"] for standing in data["standings"]),
        safeguards=tuple(_safeguard(item, shared) for item in data["safeguards"]),
        precedence=tuple(data.get("precedence", {}).get("order", ())),
        start=_window(period.get("from")),
        until=_window(period.get("until")),
        follows=data.get("follows", ""),
        based_on=data.get("based_on", ""),
        data=data,
    )


def many(value: Any) -> tuple[str, ...]:
    """A scalar or a list of the schema as a tuple."""
    return (value,) if isinstance(value, str) else tuple(value or ())


def _window(value: Any) -> Window | None:
    if value is None or isinstance(value, str):
        return Window(value, value) if value else None
    return Window(value.get("after", ""), value.get("before", ""), value["question"])


def _disclosed(data: Mapping[str, Any]) -> tuple[Disclosure, ...]:
    return tuple(
        Disclosure(item["date"], item["by"], item["where"], tuple(item["evidence"]))
        for item in data.get("disclosed", ())
    )


def _safeguard(data: Map, shared: Mapping[str, Map]) -> Safeguard:
    effects = [shared.get(item) if isinstance(item, str) else item for item in data["effects"]]
    return Safeguard(
        data["id"],
        data["title"],
        tuple(_row(row) for row in data["rows"]),
        tuple(_effect(effect) for effect in effects if effect is not None),  # an unknown name is a finding of its own
        _disclosed(data),
        data.get("observability", "unspecified"),
    )


def _row(data: Map) -> Row:
    errs = data.get("errs", {})
    return Row(
        id=data["id"],
        match={name: many(data[name]) for name in MATCHED if name in data},
        then=data["then"],
        questions=many(data.get("question")),
        depends=data.get("depends", ""),
        evidence=tuple(data["evidence"]),
        errs=errs.get("text", ""),
        errs_evidence=tuple(errs.get("evidence", ())),
        disclosed=_disclosed(data),
        data=data,
    )


def _effect(data: Map) -> Effect:
    questions = many(data.get("question"))
    bodies = tuple(_body(option, questions) for option in data.get("options", (data,)))
    return Effect(
        id=data["id"],
        surfaces=tuple(data["surfaces"]),
        standings=tuple(data.get("standings", ())),
        bodies=bodies,
        questions=questions,
        depends=data.get("depends", ""),
        evidence=tuple(data["evidence"]),
        rationale=data.get("rationale", ""),
        disclosed=_disclosed(data),
        data=data,
    )


def _body(data: Map, questions: tuple[str, ...]) -> Body:
    detail = tuple((name, _printed(data[name])) for name in DETAIL if name in data)
    own = many(data.get("question")) or questions
    return Body(data["response"], data["visibility"], detail, own, tuple(data["evidence"]))


def _printed(value: Any) -> str:
    """A piece of detail in one line, the same whatever order its keys stood in."""
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_printed(value[key])}" for key in sorted(value))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


# --- cases -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Case:
    """One case: its labels, the text a reader sees, and what its author expects. `data` is the case as written."""

    id: str
    family: str
    home: str
    labels: Labels
    lang: str
    text: str
    expect: Mapping[str, tuple[str, ...]]
    retired: bool
    contested: bool
    provenance: Mapping[str, Any] = field(compare=False, repr=False)
    data: Map = field(compare=False, repr=False)

    @property
    def place(self) -> Place:
        """Where its id stands."""
        return place_of(self.data, ["id"])


def cases(family: Map) -> Iterable[Case]:
    """The cases of a family file, each with what it takes over from the family."""
    for data in family["cases"]:
        own = {key: data.get(key, family.get(key)) for key in ("category", "topic", "span", "mode", "lang")}
        facets = [Facet(own["category"], own["topic"], data["risk"])]
        facets += [Facet(item["category"], item["topic"], item["risk"]) for item in data.get("facets", ())]
        yield Case(
            id=data["id"],
            family=family["family"],
            home=family["category"],
            labels=Labels(tuple(facets), own["span"] or "request", own["mode"] or "chat"),
            lang=own["lang"] or "en",
            text=text_of(data),
            expect={key: tuple(words) for key, words in data.get("expect", {}).items()},
            retired="retired" in data,
            contested="contested" in data,
            provenance=data.get("provenance", family.get("provenance", {})),
            data=data,
        )


@dataclass(frozen=True, slots=True)
class Kinds:
    """Cases by their labels, of which many carry the same: what a policy does to one, it does to all of them."""

    names: Mapping[Labels, list[str]]
    _order: Mapping[str, int]

    @classmethod
    def of(cls, cases: Iterable[Case]) -> Kinds:
        """The different labels as they first come, each with the ids of its cases."""
        every, names = list(cases), dict[Labels, list[str]]()
        for case in every:
            names.setdefault(case.labels, []).append(case.id)
        return cls(names, {case.id: number for number, case in enumerate(every)})

    def sorted(self, names: Iterable[str]) -> tuple[str, ...]:
        """Ids of cases, each once, in the order in which the cases came."""
        return tuple(sorted(set(names), key=self._order.__getitem__))


def text_of(case: Mapping[str, Any]) -> str:
    """What a reader of the case sees: the prompt, the conversation with its speakers, or what the pattern shows."""
    if "messages" in case:
        return "\n\n".join(
            f"[{item['role']}{': ' + item['name'] if 'name' in item else ''}]\n{item['text']}"
            for item in case["messages"]
        )
    if "pattern" in case:
        seen = case["pattern"]
        head = (
            f"Over {seen['over']}: {seen['accounts']:,} account(s), {seen['requests']:,} requests.\n{seen['observed']}"
        )
        return "\n\n".join([head, *(f"[sample {n}]\n{text}" for n, text in enumerate(seen["samples"], 1))])
    return str(case.get("prompt", ""))


def at(labels: Labels, surface: str, standing: str) -> Labels:
    """The same request on a surface and with a standing; empty: the policy's default."""
    return replace(labels, surface=surface, standing=standing)


def split_expect(key: str) -> tuple[str, str, str]:
    """`POLICY@surface/standing` as its three parts, the last two empty where left out."""
    name, _, rest = key.partition("@")
    surface, _, standing = rest.partition("/")
    return name, surface, standing
