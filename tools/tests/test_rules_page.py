"""tools/RULES.md is what the docstrings say."""

from __future__ import annotations

import os
from pathlib import Path

from policy_preview import docs

PAGE = Path(__file__).resolve().parents[1] / "RULES.md"


def test_rules_page() -> None:
    if os.environ.get("UPDATE_DOCS"):
        PAGE.write_text(docs.rules_page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == docs.rules_page()
