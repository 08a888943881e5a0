"""A quick yes to data that its schema accepts, by jsonschema-rs where that is installed (extra `fast`).

It says nothing of faults: whatever it does not accept goes to the checker proper, which says what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Gate = Callable[[Any], bool]
_CALENDAR = "calendar"


def gate(
    schema: dict[str, Any], most: int, is_date: Callable[[str], bool], exists: Callable[[str], bool]
) -> Gate | None:
    """Whether a value is accepted, as a function; None without the library.

    `schema` refers to nothing outside itself. Texts that need a form have `most` characters; of those whose pattern
    `is_date`, the day must also be one that `exists`.
    """
    try:
        from jsonschema_rs import Draft202012Validator
    except ImportError:
        return None

    def stricter(node: Any) -> Any:
        if isinstance(node, list):
            return [stricter(item) for item in node]
        if not isinstance(node, dict):
            return node
        found = {key: stricter(value) for key, value in node.items()}
        if isinstance(node.get("pattern"), str):
            found["maxLength"] = min(most, node.get("maxLength", most))
            if is_date(node["pattern"]):
                found["format"] = _CALENDAR
        return found

    validator = Draft202012Validator(stricter(schema), formats={_CALENDAR: exists}, validate_formats=True)

    def accepts(data: Any) -> bool:
        try:
            return bool(validator.is_valid(data))
        except ValueError:  # a number or a text that it cannot hold
            return False

    return accepts
