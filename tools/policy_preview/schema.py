"""JSON Schema errors as findings, in a person's words.

The schemas are the tool's own, never a workspace's: in a checkout they lie in spec/schema, in a wheel beside the
package.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any

from . import faults
from .core import Place
from .dates import start
from .findings import Finding, Map, Seq, did_you_mean, place_of, shown
from .gate import Gate, gate
from .kinds import KINDS as KINDS
from .kinds import directory as directory
from .reader import Refused

_TYPES = {"string": "text", "array": "a list", "object": "a mapping", "integer": "a whole number", "number": "a number",
          "boolean": "true or false", "null": "null"}  # fmt: skip
_MAX_ERRORS = 300  # looked at in one file
_MAX_FORM = 2000  # characters of a text that has to have a form
_EXTRA = "additionalProperties"
_AMOUNTS = {"minItems": "needs {} item{} at least", "maxItems": "may have {} item{} at most",
            "minLength": "is empty", "maxLength": "may have {} character{} at most",
            "minProperties": "needs {} key{} at least",
            "minimum": "must be {} or more", "maximum": "must be {} or less"}  # fmt: skip
Path_ = tuple[str | int, ...]


@cache
def _raw(kind: str) -> dict[str, Any]:
    raw: dict[str, Any] = json.loads((directory() / f"{kind}.schema.json").read_text(encoding="utf-8"))
    return raw


@cache
def load(kind: str) -> dict[str, Any]:
    """The schema of a kind, with its definitions written out where they are used (none refers to itself).

    `KEY: false` becomes `KEY: {not: {}}`: of the former, the library tells neither the key nor the place.
    """
    raw = dict(_raw(kind))
    definitions = raw.pop("$defs", {})

    def inline(node: Any) -> Any:
        if isinstance(node, list):
            return [inline(item) for item in node]
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            name = node["$ref"].removeprefix("#/$defs/")
            return {**inline(definitions[name]), **{k: v for k, v in node.items() if k != "$ref"}}
        return {key: {"not": {}} if value is False and key != _EXTRA else inline(value) for key, value in node.items()}

    result: dict[str, Any] = inline(raw)
    return result


@cache
def _forms(kind: str) -> dict[str, str]:
    """What the schema says of each pattern: where it defines it by name, else where it gives an example."""
    forms: dict[str, str] = {}

    def collect(node: Any, named: bool) -> None:
        if isinstance(node, dict) and isinstance(node.get("pattern"), str):
            said = node.get("description", "")
            if named or "such as" in said:
                forms.setdefault(node["pattern"], said)
        for below in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            collect(below, named=False)

    for definition in _raw(kind).get("$defs", {}).values():
        collect(definition, named=True)
    collect(_raw(kind), named=False)
    return forms


@cache
def _gate(kind: str) -> Gate | None:
    return gate(load(kind), _MAX_FORM, _is_date, _in_calendar)


@cache
def _validator(kind: str) -> Any:
    from jsonschema import Draft202012Validator, ValidationError, validators  # a tenth of a second; not for --version

    def pattern(_: Any, wanted: str, value: Any, __: Any) -> Iterator[ValidationError]:
        # `$` of Python also matches before a last line break; that of JSON Schema does not.
        if isinstance(value, str) and (
            len(value) > _MAX_FORM
            or value.endswith("\n")
            or not re.search(wanted, value)
            or (_is_date(wanted) and not _in_calendar(value))
        ):
            yield ValidationError("pattern")

    def extra(self: Any, allowed: Any, value: Any, node: Any) -> Iterator[ValidationError]:
        # In the order of the file; the library's own goes by that of a set, which changes from run to run.
        keys = [key for key in value if key not in node.get("properties", {})] if isinstance(value, dict) else []
        if isinstance(allowed, dict):
            for key in keys:
                yield from self.descend(value[key], allowed, path=key)
        elif keys:
            yield ValidationError(_EXTRA)

    own = {"pattern": pattern, _EXTRA: extra}
    extended = validators.extend(Draft202012Validator, own)  # type: ignore[no-untyped-call]  # theirs
    return extended(load(kind))


def _is_date(pattern: str) -> bool:
    return "[0-9]{4}" in pattern


def _in_calendar(date: str) -> bool:
    try:
        start(date)
    except ValueError:
        return False
    return True


def check(data: Any, kind: str, place: Place) -> list[Finding]:
    """What the schema of `kind` says against `data`; empty if nothing. `place`: the file, for data without any.

    Of what the reader has refused nothing more is said, and of one code no more than a person can use.
    """
    if isinstance(data, Refused):
        return []
    if not isinstance(data, Map):
        at = data.place if isinstance(data, Seq) else place
        return [faults.wrong_type(at, "this file", "a mapping", data, load(kind)["required"])]
    version = data.get("schema")
    wanted = f"{kind}/{KINDS[kind]}"
    if version != wanted:
        at = place_of(data, ["schema"])
        match = re.fullmatch(rf"{kind}/([1-9][0-9]{{0,5}})", version if isinstance(version, str) else "")
        if match and int(match[1]) > KINDS[kind]:
            return [faults.newer_schema(at, match[0], wanted)]
        return [faults.no_schema_line(at, version, wanted)]
    accepts = _gate(kind)
    if accepts is not None and accepts(data):
        return []
    errors = list(islice(_validator(kind).iter_errors(data), _MAX_ERRORS))
    return sorted(_findings(errors, data, kind), key=lambda finding: finding.sort_key)


def _findings(errors: list[Any], data: Map, kind: str) -> Iterator[Finding]:
    paths = [tuple(error.absolute_path) for error in errors]
    unknown = {path: _extra(error) for error, path in zip(errors, paths, strict=True) if error.validator == _EXTRA}
    wrong = {path for error, path in zip(errors, paths, strict=True) if error.validator == "type"}
    lacking = {path for error, path in zip(errors, paths, strict=True) if error.validator == "required"}
    ruled_out = {path for error, path in zip(errors, paths, strict=True) if error.validator == "not"}
    long = {path for error, path in zip(errors, paths, strict=True) if error.validator == "maxLength"}
    faulty = wrong | ruled_out | {p for error, p in zip(errors, paths, strict=True) if error.validator == "enum"}
    said: set[tuple[Path_, str, str]] = set()
    counts: dict[str, int] = {}
    for error, path in zip(errors, paths, strict=True):
        if isinstance(error.instance, Refused) or (path in wrong and error.validator not in ("type", "not")):
            continue
        if path in long and error.validator != "maxLength":
            continue
        if path in lacking and error.validator == "minProperties":
            continue  # the key that has to be there says it
        if error.validator != "not" and any(path[: n + 1] in ruled_out for n in range(len(path))):
            continue
        if counts.get(error.validator, 0) >= faults.MAX_ALIKE or _unclear(error, data, unknown, faulty, kind):
            continue
        for finding, about in _translate(error, data, path, kind):
            if finding.code == "PP102" and any(did_you_mean(other, [about]) for other in unknown.get(path, ())):
                continue  # the misspelt key says it
            if (path, finding.code, about) not in said:
                said.add((path, finding.code, about))
                counts[error.validator] = counts.get(error.validator, 0) + 1
                yield finding


def _extra(error: Any) -> list[str]:
    """Keys that a mapping may not have and the reader has not refused, in order, as many as findings are made of."""
    known = error.schema.get("properties", {})
    keys = (key for key in error.instance if key not in known and not isinstance(key, Refused))
    return list(islice(keys, faults.MAX_ALIKE))


def _unclear(error: Any, data: Map, unknown: dict[Path_, list[str]], faulty: set[Path_], kind: str) -> bool:
    """Whether an error stems from a choice (`if`) that cannot be made, for a key it hangs on is at fault itself."""
    steps, path = list(error.absolute_schema_path), tuple(error.absolute_path)
    back = {"required": 2, "not": 4}.get(error.validator, len(steps) + 1)  # to the `then` or `else`
    if back > len(steps) or steps[-back] not in ("then", "else"):
        return False
    choice: Any = load(kind)
    for step in steps[:-back]:
        choice = choice[step]
    here: Any = data
    path = path if error.validator == "required" else path[:-1]
    for step in path:
        here = here[step]
    ruled_out = choice["else"].get("properties", {}) if "else" in choice else {}
    if error.validator == "required" and steps[-back] == "else" and any(key in here for key in ruled_out):
        return True  # what stands there speaks for the other branch, and is a finding already
    by_value = "properties" in choice["if"]
    return any(
        (*path, key) in faulty
        or (key not in here and (by_value or any(did_you_mean(other, [key]) for other in unknown.get(path, ()))))
        for key in choice["if"].get("required", ())
    )


def _missing(error: Any) -> list[str]:
    return [key for key in error.validator_value if key not in error.instance]


def _translate(error: Any, data: Map, path: Path_, kind: str) -> Iterator[tuple[Finding, str]]:
    """The findings of one error, each with the key it is about."""
    place, key, what = place_of(data, path), _name(path), _what(path)
    keyword, wanted, value = error.validator, error.validator_value, error.instance
    description = error.schema.get("description", "") if isinstance(error.schema, dict) else ""
    if keyword == _EXTRA:
        known = sorted(error.schema.get("properties", {}))
        for extra in _extra(error):
            free = [k for k in known if k not in value]
            near = did_you_mean(extra, free) or did_you_mean(extra, known)
            yield faults.unknown_key(place_of(data, (*path, extra), key=True), extra, near, free), extra
    elif keyword == "required":
        for missing in _missing(error):
            found = error.schema.get("properties", {}).get(missing) or _described(kind, path, missing)
            words = found.get("enum", [])
            yield faults.missing_key(place, missing, what, found.get("description", ""), words), missing
    elif keyword == "not":  # a key that another one rules out
        yield faults.not_here(place_of(data, path, key=True), key, _why_not(data, path, key)), key
    elif keyword == "type":
        types = " or ".join(_TYPES[each] for each in ([wanted] if isinstance(wanted, str) else wanted))
        yield faults.wrong_type(place, what, types, value, error.schema.get("required", [])), key
    elif keyword in ("enum", "const"):
        yield faults.not_in_list(place, key, value, [str(w) for w in (wanted if keyword == "enum" else [wanted])]), key
    elif keyword == "pattern" and _is_date(wanted):
        yield faults.bad_date(place, value, bool(re.search(wanted, value))), key
    elif keyword == "pattern":
        is_key = "propertyNames" in error.absolute_schema_path
        at = place_of(data, (*path, value), key=True) if is_key else place
        form = f"a key of {shown(key)}" if is_key else shown(key)
        yield faults.bad_form(at, form, value, _forms(kind).get(wanted) or description), f"{key} {value}"[:200]
    else:
        empty = keyword == "minProperties" and not value
        amount = "is empty" if empty else _AMOUNTS[keyword].format(wanted, "s" * (wanted != 1))
        yield faults.wrong_amount(place, what, amount, description), key


def _described(kind: str, path: Path_, key: str) -> dict[str, Any]:
    """What the schema says of a key, for an error raised by a branch that says nothing of it."""
    node: Any = load(kind)
    for step in path:
        node = node.get("items", {}) if isinstance(step, int) else node.get("properties", {}).get(step, {})
        node = {**node, **node["then"]} if "then" in node and "properties" in node.get("then", {}) else node
    found: dict[str, Any] = node.get("properties", {}).get(key, {})
    return found


def _why_not(data: Map, path: Path_, key: str) -> str:
    parent: Any = data
    for step in path[:-1]:
        parent = parent[step]
    if "options" in parent:
        return f"with `options`, `{key}` goes into each option"
    if key in ("changes", "safeguards"):
        return "`changes` goes with `based_on`; `safeguards` are inherited there"
    return f"a policy with `status: {parent.get('status', 'on-record')}` has no `{key}`"


def _name(path: Path_) -> str:
    return next((step for step in reversed(path) if isinstance(step, str)), "this file")


def _what(path: Path_) -> str:
    if not path:
        return "this file"
    return f"an item of {shown(_name(path))}" if isinstance(path[-1], int) else shown(_name(path))
