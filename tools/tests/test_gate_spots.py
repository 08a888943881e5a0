"""The gates against the checker proper, on sound documents with one thing broken: everywhere, by every keyword."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import hostile
import pytest
import spots
from spots import Place, Spot, plain, told

from policy_preview import gate, schema
from policy_preview.gate import Gate
from policy_preview.workspace import load

REPO = Path(__file__).resolve().parents[2]
KINDS = list(schema.KINDS)
# What stands nowhere in such a form, and what may stand there.
LENT: dict[Spot, Any] = {
    ("changes", "[]", "before"): "x",
    ("safeguards", "[]", "effects", "[]", "rationale"): "x",
    ("safeguards", "[]", "rows", "[]", "mode"): ["chat"],
    ("effects", "[]", "question"): ["Q-001"],
    ("effects", "[]", "options", "[]", "question"): ["Q-001"],
    ("safeguards", "[]", "effects", "[]", "options", "[]", "question"): ["Q-001"],
}
Witness = tuple[Any, Place]  # a sound document, and the place in it


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    """Sound ones by kind: of the template, of this repository, and with every field in them."""
    root = tmp_path_factory.mktemp("every") / "field"
    hostile.workspace(root, lambda path, most: f"Text of {path}"[:most])
    files = [file for each in (hostile.TEMPLATE, REPO, root) for file in load(each).files]
    return {kind: [plain(file.data) for file in files if file.kind == kind] for kind in KINDS}


@cache
def gates(kind: str) -> dict[str, Gate]:
    found = {"jsonschema-rs": schema._gate.__wrapped__(kind)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gate, "_of_the_library", lambda *_: None)
        found["shape"] = schema._gate.__wrapped__(kind)
    return found


def witnesses(kind: str, documents: list[Any]) -> dict[Spot, Witness]:
    """For each spot the first document that has a value there, cut down to what it needs."""
    every = spots.spots(schema.load(kind))

    def found(spot: Spot, among: list[Any]) -> Witness | None:
        for document in among:
            place = next(spots.places(document, spot), None)
            if place is not None:
                cut = spots.small(document, place, every)
                return cut, next(spots.places(cut, spot))
        return None

    lent = []
    for spot, value in LENT.items() if kind == "policy" else ():
        document, place = found(spot[:-1], documents) or pytest.fail(str(spot))
        lent.append(spots.put(document, (*place, spot[-1]), value))
    return {spot: found(spot, [*documents, *lent]) or pytest.fail(f"none has {spot}") for spot in every}


def changed(every: spots.Spots, sound: dict[Spot, Witness]) -> Iterator[tuple[str, Any]]:
    """Each witness with another value in its place; and each mapping less one key, and with one more of the schema."""
    for spot, (document, place) in sound.items():
        for how, value in spots.broken(spots.at(document, place), every[spot]):
            yield f"{spot} {how}", spots.put(document, place, value)
    for spot, document, place in forms(sound):
        value = spots.at(document, place)
        yield from (
            (f"{spot} without {gone}", spots.put(document, place, {k: v for k, v in value.items() if k != gone}))
            for gone in value
        )
        for key, (other, where) in sound.items():
            if key and key[:-1] == spot and key[-1] not in ("[]", "*") and key[-1] not in value:
                yield f"{spot} with {key[-1]}", spots.put(document, (*place, key[-1]), spots.at(other, where))


def forms(sound: dict[Spot, Witness]) -> Iterator[tuple[Spot, Any, Place]]:
    """Every mapping on the way to a witness, once for each set of keys: what rules out what depends on these."""
    seen = set()
    for spot, (document, place) in sound.items():
        for end in range(len(spot)):
            keys = frozenset(spots.at(document, place[:end])) if spot[end] != "[]" else None
            if keys is not None and (spot[:end], keys) not in seen:
                seen.add((spot[:end], keys))
                yield spot[:end], document, place[:end]


def otherwise(kind: str, data: Any, sound: bool) -> list[str]:
    """The gates that do not say what the checker says."""
    return [name for name, accepts in gates(kind).items() if accepts(data) != sound]


@pytest.mark.parametrize("kind", KINDS)
def test_one_thing_broken(kind: str, documents: dict[str, list[Any]]) -> None:
    sound = witnesses(kind, documents[kind])
    assert not [spot for spot, (document, _) in sound.items() if told(kind, document)]
    verdicts = Counter[bool]()
    for how, data in changed(spots.spots(schema.load(kind)), sound):
        yes = not told(kind, data)
        assert otherwise(kind, data, yes) == [], (how, yes)
        verdicts[yes] += 1
    assert min(verdicts[True], verdicts[False]) > 5 * len(sound)
