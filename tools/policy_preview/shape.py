"""A quick yes to data that a schema accepts, by functions made of the schema: of the keywords that our schemas use.

For a schema with any other keyword there is no such yes. What is not accepted goes to the checker proper, which says
what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Test = Callable[[Any], bool]
_SILENT = frozenset({"$schema", "$id", "$comment", "title", "description", "examples", "default"})
_TYPES: dict[str, Test] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "integer": lambda value: (
        (isinstance(value, int) and not isinstance(value, bool)) or (isinstance(value, float) and value.is_integer())
    ),
}


class _Unknown(Exception):
    """A keyword, or a use of one, that nothing is made of here."""


def shape(schema: dict[str, Any], formats: Mapping[str, Callable[[str], bool]]) -> Test | None:
    """Whether a value is accepted, as a function; None where the schema has a keyword that is not known here.

    `formats`: what a text of a format must be, by its name.
    """
    try:
        return _test(schema, formats)
    except _Unknown:
        return None


def _test(node: Any, formats: Mapping[str, Callable[[str], bool]]) -> Test:
    if not isinstance(node, dict):
        raise _Unknown(node)
    rest = dict(node)
    tests = list(_of(rest, formats))
    if rest.keys() - _SILENT:
        raise _Unknown(rest)
    if len(tests) == 1:
        return tests[0]
    return lambda value: all(test(value) for test in tests)


def _of(rest: dict[str, Any], formats: Mapping[str, Callable[[str], bool]]) -> Iterator[Test]:
    """A test for each group of keywords, taken out of `rest`. A test passes what its keywords do not apply to."""

    def take(*names: str) -> list[Any]:
        return [rest.pop(name, None) for name in names]

    kind = rest.pop("type", None)
    if isinstance(kind, str):
        yield _known(_TYPES, kind)
    elif kind is not None:
        kinds = [_known(_TYPES, each) for each in kind]
        yield lambda value: any(test(value) for test in kinds)
    if "enum" in rest or "const" in rest:
        words = rest.pop("enum") if "enum" in rest else [rest.pop("const")]
        if not words or not all(isinstance(word, str) for word in words):
            raise _Unknown(words)
        known = frozenset(words)
        yield lambda value: isinstance(value, str) and value in known
    if rest.keys() & {"minLength", "maxLength", "pattern", "format"}:
        least, most, pattern, form = take("minLength", "maxLength", "pattern", "format")
        yield _text(least, most, pattern, _known(formats, form) if form is not None else None)
    if rest.keys() & {"minimum", "maximum"}:
        yield _number(*take("minimum", "maximum"))
    if rest.keys() & {"items", "minItems", "maxItems"}:
        items, least, most = take("items", "minItems", "maxItems")
        yield _list(_test(items, formats) if items is not None else None, least or 0, most)
    if rest.keys() & {"properties", "required", "additionalProperties", "minProperties", "propertyNames"}:
        named, needed, others, least, names = take(
            "properties", "required", "additionalProperties", "minProperties", "propertyNames"
        )
        known_keys = {key: _test(value, formats) for key, value in (named or {}).items()}
        other = _never if others is False else _test(others, formats) if isinstance(others, dict) else None
        names = _test(names, formats) if names is not None else None
        yield _mapping(known_keys, needed or [], other, least or 0, names)
    if "if" in rest:
        when, then, otherwise = (
            _test(each, formats) if each is not None else _always for each in take("if", "then", "else")
        )
        yield lambda value: then(value) if when(value) else otherwise(value)
    for each in rest.pop("allOf", ()):
        yield _test(each, formats)
    if "not" in rest:
        if rest.pop("not") != {}:
            raise _Unknown("not")
        yield _never


def _known(among: Mapping[str, Test], name: str) -> Test:
    if name not in among:
        raise _Unknown(name)
    return among[name]


def _never(_: Any) -> bool:
    return False


def _always(_: Any) -> bool:
    return True


def _text(least: Any, most: Any, pattern: Any, fits: Callable[[str], bool] | None) -> Test:
    search = re.compile(pattern).search if pattern is not None else None
    low, high = least or 0, float("inf") if most is None else most

    def test(value: Any) -> bool:
        if not isinstance(value, str):
            return True
        if not low <= len(value) <= high:
            return False
        # `$` of Python also matches before a last line break; that of JSON Schema does not.
        if search is not None and (value[-1:] == "\n" or search(value) is None):
            return False
        return fits is None or fits(value)

    return test


def _number(least: Any, most: Any) -> Test:
    low, high = float("-inf") if least is None else least, float("inf") if most is None else most
    number = _TYPES["number"]
    return lambda value: not number(value) or low <= value <= high


def _list(each: Test | None, least: int, most: Any) -> Test:
    high = float("inf") if most is None else most

    def test(value: Any) -> bool:
        if not isinstance(value, list):
            return True
        return least <= len(value) <= high and (each is None or all(map(each, value)))

    return test


def _mapping(known: dict[str, Test], needed: list[str], other: Test | None, least: int, names: Test | None) -> Test:
    required = frozenset(needed)

    def test(value: Any) -> bool:
        if not isinstance(value, dict):
            return True
        if len(value) < least or not required <= value.keys():
            return False
        for key, item in value.items():
            check = known.get(key, other)
            if check is not None and not check(item):
                return False
        return names is None or all(map(names, value))

    return test
