"""The reader: bytes are refused with a place in them, or mean the same to every reader of YAML that it is held to."""

from __future__ import annotations

import json
import re
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import parsers

from policy_preview.reader import Document, Refused, parse, read

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from alike import same

_CONSTANTS = {"true": True, "false": False, "null": None}


def one(raw: bytes) -> Document:
    """Read the bytes as a file and hold what comes of it against all that must be so. Raises AssertionError."""
    document = read(_file(raw), "x")
    _told_well(document)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        assert [f.code for f in document.findings] in (["PP004"], ["PP003"])
        return document
    again = parse(text, "x")
    assert _told(again) == _told(document)
    assert _shape(again.data) == _shape(document.data)
    other = parsers.reader_without_libyaml().parse(text, "x")
    _told_well(other)
    assert bool(other.findings) == bool(document.findings), f"libyaml: {_told(document)}; Python: {_told(other)}"
    if not document.findings:
        assert _shape(other.data) == _shape(document.data), "the parsers differ"
        assert document.text == text
        agreed(text, document.data)
    return document


def agreed(text: str, data: Any) -> None:
    """Whether other readers make the same data of a text, of the same types and in the same order."""
    assert same(data, parsers.pyyaml(text)), "PyYAML reads other data"
    assert as_written(data, parsers.pyyaml_texts(text)), "PyYAML reads other texts"
    assert same(data, parsers.ruamel_yaml(text)), "ruamel.yaml reads other data"


def as_written(data: Any, texts: Any) -> bool:
    """Whether the data is that of a tree of texts, where a scalar that is no text is read as in JSON."""
    if isinstance(data, dict):
        return list(data) == list(texts) and all(as_written(data[key], texts[key]) for key in data)
    if isinstance(data, list):
        return len(data) == len(texts) and all(map(as_written, data, texts))
    if isinstance(data, str):
        return data == texts
    return same(data, _CONSTANTS[texts] if texts in _CONSTANTS else json.loads(texts))


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory()


def _file(raw: bytes) -> Path:
    path = Path(_folder().name) / "x.yaml"
    path.write_bytes(raw)
    return path


def _told(document: Document) -> list[tuple[str, int, int]]:
    return [(f.code, f.place.line, f.place.column) for f in document.findings]


def _told_well(document: Document) -> None:
    """Every finding lies in the text or just behind it and can be printed; where nothing is wrong there is data."""
    lines = re.split(r"\r\n|\r|\n", document.text)
    for finding in document.findings:
        for place in (finding.place, *(place for place, _ in finding.related)):
            assert 1 <= place.line <= len(lines), place
            assert 1 <= place.column <= len(lines[place.line - 1]) + 1, place
        assert (finding.message + finding.hint).isprintable()
        assert len(finding.message) < 200
        assert "unreadable from here on" not in finding.message, "a fault that has no words"
    assert document.findings or document.data is not None
    assert document.findings or not _refused(document.data)


def _refused(data: Any) -> bool:
    """Whether something in the data is marked as refused."""
    below = [*data, *data.values()] if isinstance(data, dict) else data if isinstance(data, list) else ()
    return type(data).__name__ == Refused.__name__ or any(map(_refused, below))


def _shape(value: Any) -> Any:
    """Data with the type and place of everything in it, without the classes, of which a second copy has its own."""
    if isinstance(value, dict):
        found = {k: (type(k).__name__, *map(_spot, value.at[k]), _shape(v)) for k, v in value.items()}
        return type(value).__name__, _spot(value.place), found
    if isinstance(value, list):
        return (
            type(value).__name__,
            _spot(value.place),
            [(_spot(a), _shape(v)) for a, v in zip(value.at, value, strict=True)],
        )
    return type(value).__name__, value


def _spot(place: Any) -> tuple[int, int, int]:
    return place.line, place.column, place.length
