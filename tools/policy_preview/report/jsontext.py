"""JSON that stays what it is in the log of a CI job, too."""

from __future__ import annotations

import json
from typing import Any


def dumped(value: Any) -> str:
    """A value as JSON in ASCII, so that no encoding of standard output changes it."""
    text = json.dumps(value, indent=2, ensure_ascii=True)
    # JSON lets DEL stand, and a runner reads `##[` as a command wherever it stands.
    return text.replace("\x7f", "\\u007f").replace("##", "#\\u0023") + "\n"
