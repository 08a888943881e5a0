"""The kinds of files, and where their schemas lie: in a checkout in spec/schema, in a wheel beside the package."""

from __future__ import annotations

from pathlib import Path

KINDS = {"taxonomy": 1, "evidence": 1, "policy": 1, "family": 1}  # kind: newest version read


def directory() -> Path:
    """Where the schemas lie."""
    here = Path(__file__).resolve()
    beside = here.parent / "schema_files"
    return beside if beside.is_dir() else here.parents[2] / "spec" / "schema"
