"""What the schemas say of the keys: of those that a place may have, and of each that a file has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from policy_preview import schema
from policy_preview.findings import Map, Seq


def described(kind: str, data: Any, path: tuple[str | int, ...]) -> dict[str, str]:
    """The keys that the schema knows at a place, each with its description."""
    node, here = schema.load(kind), data
    for step in path:
        node, here = below(node, step), here[step]
    return {key: each["description"] for key, each in node["properties"].items()}


def below(node: Mapping[str, Any], step: str | int) -> dict[str, Any]:
    found: dict[str, Any] = node["items"] if isinstance(step, int) else node["properties"][step]
    return {**found, **found["then"]} if "then" in found and "properties" not in found else found


def keys(data: Any, node: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, int, int, str]]:
    """Every key: its place in the schema, line and column from 0, and its description."""
    if isinstance(data, Map):
        for key, value in data.items():
            if key in node.get("properties", {}):
                place, inner = data.at[key][0], below(node, key)
                yield f"{path}/{key}", place.line - 1, place.column - 1, inner["description"]
                yield from keys(value, inner, f"{path}/{key}")
    elif isinstance(data, Seq) and isinstance(node.get("items"), dict):
        for item in data:
            yield from keys(item, below(node, 0), path)
