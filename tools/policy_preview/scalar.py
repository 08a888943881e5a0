"""What a plain scalar means, where every YAML reader agrees on it."""

from __future__ import annotations

import re
from typing import Any

_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?")
_CONSTANTS = {"true": True, "false": False, "null": None}
# What YAML 1.1 (its type repository) or YAML 1.2 (the core schema) takes for something other than text.
_SPECIAL = re.compile(
    r"""(?:y|n|yes|no|on|off|true|false|null|~|=|<<
    |[-+]?(?:0b[01_]+|0o?[0-7_]+|0x[0-9a-f_]+|[0-9][0-9_]*(?::[0-5]?[0-9])*+)
    |[-+]?(?:\.[0-9_]+|[0-9][0-9_]*(?::[0-5]?[0-9])*+(?:\.[0-9_]*)?)(?:e[-+]?[0-9]+)?
    |[-+]?\.inf|\.nan|[-+]?[0-9_]+
    |[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}
     (?:(?:t|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?[ \t]*(?:z|[-+][0-9]{1,2}(?::[0-9]{2})?)?)?
    )""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)


def meaning(text: str) -> tuple[Any, type | None]:
    """What a plain scalar means, and its type; no type where YAML readers differ."""
    if text in _CONSTANTS:
        return _CONSTANTS[text], bool
    if _NUMBER.fullmatch(text):
        return (float(text), float) if "." in text else (int(text), int)
    if not text or _SPECIAL.fullmatch(text):
        return text or None, None
    return text, str
