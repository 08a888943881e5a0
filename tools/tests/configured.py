"""Where the configuration of a workspace stands, and how a file in it is changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

Run = Callable[..., tuple[int, str, str]]
OWN, SHARED = Path("policy-preview.toml"), Path("pyproject.toml")
FAMILY = Path("cases/cyber/shop-sign-in.yaml")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new), encoding="utf-8")
